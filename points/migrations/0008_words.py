"""Plain words for the labels and help texts of points; no SQL."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('points', '0007_guards_for_two_roles'),
        ('profiles', '0008_mail_reasons'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='gift',
            options={'verbose_name': 'points awarded', 'verbose_name_plural': 'points awarded'},
        ),
        migrations.AlterModelOptions(
            name='giftcategory',
            options={'ordering': ['position', 'name'], 'verbose_name': 'points category', 'verbose_name_plural': 'points categories'},
        ),
        migrations.AlterModelOptions(
            name='transactiondetail',
            options={'verbose_name': 'transaction detail', 'verbose_name_plural': 'transaction details'},
        ),
        migrations.AlterField(
            model_name='account',
            name='name',
            field=models.SlugField(help_text='For system accounts only.', max_length=40, null=True, unique=True, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='achievement',
            name='created_at',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created'),
        ),
        migrations.AlterField(
            model_name='achievement',
            name='description',
            field=models.CharField(help_text='What the member did, in a sentence.', max_length=300, verbose_name='description'),
        ),
        migrations.AlterField(
            model_name='achievement',
            name='is_secret',
            field=models.BooleanField(default=False, help_text='Hidden until the member earns it.', verbose_name='secret'),
        ),
        migrations.AlterField(
            model_name='achievement',
            name='level',
            field=models.PositiveSmallIntegerField(default=1, help_text='Its position in the group, from 1.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='level'),
        ),
        migrations.AlterField(
            model_name='achievement',
            name='slug',
            field=models.SlugField(help_text='Rewards can be limited to its holders by this slug.', max_length=60, unique=True, verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='achievement',
            name='threshold',
            field=models.PositiveIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000000)], verbose_name='threshold'),
        ),
        migrations.AlterField(
            model_name='award',
            name='awarded_by_id',
            field=models.BigIntegerField(help_text='Profile id; empty: awarded automatically.', null=True, verbose_name='awarded by'),
        ),
        migrations.AlterField(
            model_name='award',
            name='hidden_at',
            field=models.DateTimeField(null=True, verbose_name='hidden by the member'),
        ),
        migrations.AlterField(
            model_name='awardrun',
            name='looked_at',
            field=models.PositiveIntegerField(default=0, verbose_name='checked'),
        ),
        migrations.AlterField(
            model_name='awardrun',
            name='total',
            field=models.PositiveIntegerField(default=0, verbose_name='members'),
        ),
        migrations.AlterField(
            model_name='code',
            name='claimed_at',
            field=models.DateTimeField(null=True, verbose_name='claimed'),
        ),
        migrations.AlterField(
            model_name='order',
            name='erased_at',
            field=models.DateTimeField(null=True, verbose_name='shipping address erased'),
        ),
        migrations.AlterField(
            model_name='order',
            name='tracking',
            field=models.CharField(blank=True, help_text='Tracking number or link.', max_length=200, verbose_name='tracking number'),
        ),
        migrations.AlterField(
            model_name='redemption',
            name='fulfilled_at',
            field=models.DateTimeField(null=True, verbose_name='delivered'),
        ),
        migrations.AlterField(
            model_name='redemption',
            name='title',
            field=models.CharField(help_text='The title of the reward at the time.', max_length=120, verbose_name='title'),
        ),
        migrations.AlterField(
            model_name='reward',
            name='audience',
            field=models.CharField(choices=[('all', 'Everyone'), ('level', 'Members from a level'), ('achievement', 'Holders of an achievement'), ('chosen', 'Chosen members')], default='all', max_length=12, verbose_name='audience'),
        ),
        migrations.AlterField(
            model_name='reward',
            name='chosen',
            field=models.ManyToManyField(blank=True, related_name='+', to='profiles.profile', verbose_name='chosen members'),
        ),
        migrations.AlterField(
            model_name='reward',
            name='cost',
            field=models.DecimalField(decimal_places=2, default=0, help_text='What one unit costs you, in your own currency.', max_digits=8, verbose_name='cost'),
        ),
        migrations.AlterField(
            model_name='reward',
            name='low_stock',
            field=models.PositiveIntegerField(default=5, help_text='Admins are notified when fewer units or codes are left.', verbose_name='warn below'),
        ),
        migrations.AlterField(
            model_name='reward',
            name='member_limit',
            field=models.PositiveSmallIntegerField(blank=True, default=1, help_text='Leave empty for no limit.', null=True, verbose_name='limit per member'),
        ),
        migrations.AlterField(
            model_name='reward',
            name='needs_address',
            field=models.BooleanField(default=False, verbose_name='needs a shipping address'),
        ),
        migrations.AlterField(
            model_name='reward',
            name='stock',
            field=models.PositiveIntegerField(blank=True, editable=False, help_text='Units left; empty: no limit.', null=True, verbose_name='stock'),
        ),
        migrations.AlterField(
            model_name='reward',
            name='stocked',
            field=models.PositiveIntegerField(default=0, editable=False, help_text='Units ever added, minus those removed.'),
        ),
        migrations.AlterField(
            model_name='reward',
            name='store_url',
            field=models.CharField(blank=True, help_text='Where members use a code, such as https://shop.example.com/discount/{code}.', max_length=500, verbose_name='store URL'),
        ),
        migrations.AlterField(
            model_name='reward',
            name='summary',
            field=models.CharField(blank=True, help_text='One line, shown below the title.', max_length=200, verbose_name='summary'),
        ),
        migrations.AlterField(
            model_name='reward',
            name='terms',
            field=models.CharField(blank=True, help_text='Shown after redeeming, such as: One use, until December.', max_length=200, verbose_name='terms'),
        ),
        migrations.AlterField(
            model_name='transaction',
            name='actor_id',
            field=models.BigIntegerField(help_text='Profile id; empty: Hearth itself.', null=True, verbose_name='actor'),
        ),
        migrations.AlterField(
            model_name='transaction',
            name='amount',
            field=models.BigIntegerField(help_text='Added to the wallet; negative: taken from it.', verbose_name='points'),
        ),
        migrations.AlterField(
            model_name='transaction',
            name='cause',
            field=models.CharField(help_text='Each cause is booked once.', max_length=160, unique=True, verbose_name='cause'),
        ),
        migrations.AlterField(
            model_name='transaction',
            name='kind',
            field=models.CharField(choices=[('reply', 'Reply'), ('solution', 'Solution'), ('achievement', 'Achievement'), ('gift', 'Points awarded'), ('redemption', 'Redemption'), ('refund', 'Refund'), ('reversal', 'Reversal'), ('restoration', 'Restoration')], max_length=12, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='transaction',
            name='origin',
            field=models.ForeignKey(help_text='The first of a chain of reversals.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='points.transaction'),
        ),
        migrations.AlterField(
            model_name='transaction',
            name='reverses',
            field=models.OneToOneField(help_text='The transaction it reverses, once.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='points.transaction'),
        ),
        migrations.AlterField(
            model_name='transaction',
            name='withheld',
            field=models.PositiveIntegerField(default=0, help_text='Points not paid because of the daily limit.', verbose_name='withheld'),
        ),
        migrations.AlterField(
            model_name='transactiondetail',
            name='title',
            field=models.CharField(blank=True, help_text='Title of the source at the time.', max_length=200, verbose_name='title'),
        ),
        migrations.AlterField(
            model_name='transactiondetail',
            name='url',
            field=models.CharField(blank=True, max_length=500, verbose_name='URL'),
        ),
    ]
