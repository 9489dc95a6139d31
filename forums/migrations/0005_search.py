import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


CONFIGURATION = """
CREATE TEXT SEARCH CONFIGURATION hearth (COPY = english);
ALTER TEXT SEARCH CONFIGURATION hearth
  ALTER MAPPING FOR asciiword, word, hword, hword_part, hword_asciipart, asciihword WITH unaccent, english_stem;
"""

# The one place that says what a thread's words are. The solution always counts; other replies until there are
# 3,000 words, so that an endless thread stays quick to search and to write to. A new reply is appended by the same rule.
WORDS = """
CREATE FUNCTION hearth_thread_words(wanted bigint, head tsvector) RETURNS tsvector LANGUAGE plpgsql STABLE AS $$
DECLARE
  words tsvector := head;
  part record;
BEGIN
  FOR part IN
    SELECT i.vector, p.number, p.id = t.solution_id AS solves
    FROM forums_post p JOIN forums_postindex i ON i.id = p.id JOIN forums_thread t ON t.id = p.thread_id
    WHERE p.thread_id = wanted AND (p.number = 1 OR (p.hidden_at IS NULL AND p.deleted_at IS NULL)) ORDER BY p.number
  LOOP
    IF part.number = 1 THEN
      words := words || setweight(part.vector, 'C');
    ELSIF part.solves THEN
      words := words || setweight(part.vector, 'B');
    ELSIF length(words) < 3000 THEN
      words := words || setweight(part.vector, 'D');
    END IF;
  END LOOP;
  RETURN words;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('forums', '0004_docs_pages'),
        ('profiles', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(CONFIGURATION, "DROP TEXT SEARCH CONFIGURATION hearth"),
        migrations.CreateModel(
            name='PostIndex',
            fields=[
                ('post', models.OneToOneField(db_column='id', on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='forums.post')),
                ('vector', django.contrib.postgres.search.SearchVectorField()),
            ],
        ),
        migrations.CreateModel(
            name='Deflection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('profile', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='profiles.profile')),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deflections', to='forums.thread')),
            ],
            options={
                'verbose_name': 'question already answered',
                'verbose_name_plural': 'questions already answered',
            },
        ),
        migrations.CreateModel(
            name='SearchMiss',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=100, unique=True)),
                ('count', models.PositiveIntegerField(default=1)),
                ('first_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('last_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'search without results',
                'verbose_name_plural': 'searches without results',
                'ordering': ['-count', '-last_at'],
                'indexes': [models.Index(fields=['-count', '-last_at'], name='search_miss_most')],
            },
        ),
        migrations.CreateModel(
            name='ThreadIndex',
            fields=[
                ('thread', models.OneToOneField(db_column='id', on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='forums.thread')),
                ('subject', models.TextField(help_text='In lower case and without accents, for trigrams.')),
                ('head', django.contrib.postgres.search.SearchVectorField(help_text='Subject and tags alone.')),
                ('vector', django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['vector'], name='thread_words'), django.contrib.postgres.indexes.GinIndex(fields=['subject'], name='thread_subject_trgm', opclasses=['gin_trgm_ops'])],
            },
        ),
        migrations.RunSQL(WORDS, "DROP FUNCTION hearth_thread_words(bigint, tsvector)"),
    ]
