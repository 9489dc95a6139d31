"""Crests, private interests, data exports, deletions, champions, and whose mailbox an imported author had."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('profiles', '0003_restricted_until'),
    ]

    operations = [
        migrations.CreateModel(
            name='Cohort',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'cohort of champions',
                'verbose_name_plural': 'cohorts of champions',
                'ordering': ['-created_at'],
            },
        ),
        migrations.AddField(
            model_name='profile',
            name='interests',
            field=models.CharField(blank=True, db_default='', default='', help_text='What the person likes to talk about.', max_length=300),
        ),
        migrations.AddField(
            model_name='profile',
            name='products',
            field=models.CharField(blank=True, db_default='', default='', help_text='What they use.', max_length=300),
        ),
        migrations.AddField(
            model_name='profile',
            name='shows_interests',
            field=models.BooleanField(db_default=False, default=False, help_text='Interests and products are private until shown.'),
        ),
        migrations.AddField(
            model_name='team',
            name='crest',
            field=models.CharField(blank=True, db_default='', default='', help_text="Storage name of the team's picture.", max_length=200),
        ),
        migrations.AddField(
            model_name='user',
            name='role_off_team',
            field=models.CharField(blank=True, choices=[('member', 'Member'), ('champion', 'Champion'), ('moderator', 'Moderator'), ('admin', 'Admin')], db_default='', default='', help_text='The role to go back to after the last team.', max_length=12),
        ),
        migrations.CreateModel(
            name='AccountDeletion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('keep_posts', models.BooleanField(default=True, help_text='Posts stay, under “Former member”; otherwise they are removed.')),
                ('requested_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('due_at', models.DateTimeField(db_index=True)),
                ('profile', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='deletion', to='profiles.profile')),
            ],
            options={
                'verbose_name': 'account deletion',
                'verbose_name_plural': 'account deletions',
            },
        ),
        migrations.CreateModel(
            name='ImportedAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('profile', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='imported_address', to='profiles.profile')),
            ],
        ),
        migrations.CreateModel(
            name='DataExport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('requested_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('started_at', models.DateTimeField(blank=True, help_text='When a job last took it.', null=True)),
                ('ready_at', models.DateTimeField(blank=True, null=True)),
                ('expires_at', models.DateTimeField(blank=True, db_index=True, null=True)),
                ('file', models.CharField(blank=True, help_text='Storage name under exports/.', max_length=200)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='profiles.profile')),
            ],
            options={
                'verbose_name': 'data export',
                'verbose_name_plural': 'data exports',
                'indexes': [models.Index(fields=['profile', '-requested_at'], name='export_by_profile')],
            },
        ),
        migrations.CreateModel(
            name='Nomination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(blank=True, help_text='Read by the team only.', max_length=300)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('invited_at', models.DateTimeField(blank=True, null=True)),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('declined_at', models.DateTimeField(blank=True, null=True)),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='nominations', to='profiles.cohort')),
                ('nominated_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='profiles.profile')),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='nominations', to='profiles.profile')),
            ],
            options={
                'verbose_name': 'champion',
                'verbose_name_plural': 'champions',
                'ordering': ['-created_at'],
                'constraints': [models.UniqueConstraint(fields=('cohort', 'profile'), name='nomination_once')],
            },
        ),
    ]
