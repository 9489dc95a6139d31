"""What somebody meant: words nobody wrote, replaced by the nearest ones of subjects, tags and topics."""

from __future__ import annotations

from django.db import connection, transaction

from forums.queries.similar import quoted
from forums.words import folded, searchable, wanted_words

MENDED_WORDS, SHORTEST = 4, 4
SUBJECTS = 100
NEAR, NEAR_SUBJECT = 0.35, 0.5  # share of trigrams two words have in common; of a word's own within a subject


def mended(text: str) -> str:
    """Return what was typed with its unknown words replaced, or nothing where there is no better word."""
    wanted = [word for word in wanted_words(text) if len(word) >= SHORTEST and not word.isdecimal()][
        : MENDED_WORDS * 2
    ]
    unknown = _unknown(wanted)[:MENDED_WORDS]
    changed = text
    for word in unknown:
        better = _nearest(word)
        if better is None:
            return ""
        changed = changed.replace(word, better)
    return changed if changed != text else ""


def _unknown(words: list[str]) -> list[str]:
    """Return the words that no thread holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT word FROM unnest(%s::text[], %s::text[]) given (word, parts)
               WHERE plainto_tsquery('hearth', parts)::text <> '' AND NOT EXISTS (
                 SELECT 1 FROM forums_threadindex i WHERE i.vector @@ plainto_tsquery('hearth', parts))""",
            [words, [searchable(word) for word in words]],
        )
        return [word for (word,) in cursor.fetchall()]


def _nearest(word: str) -> str | None:
    """Return the most alike word of listed subjects, topics and tags."""
    plain = folded(word)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(NEAR_SUBJECT)]
        )
        cursor.execute(
            f"""SELECT near FROM (
                  SELECT regexp_split_to_table(subject, '\\s+') AS near FROM (
                    SELECT i.subject FROM forums_threadindex i JOIN forums_thread t ON t.id = i.id
                    WHERE i.subject %%> %(word)s AND t.is_listed LIMIT {SUBJECTS}) subjects
                  UNION ALL SELECT name FROM forums_tag WHERE thread_count > 0 AND name %% %(word)s
                  UNION ALL SELECT regexp_split_to_table(lower(name), '\\s+') FROM forums_topic) words
                WHERE length(near) >= {SHORTEST} AND similarity(near, %(word)s) >= {NEAR}
                GROUP BY near ORDER BY similarity(near, %(word)s) DESC, count(*) DESC, near LIMIT 1""",
            {"word": plain},
        )
        row = cursor.fetchone()
    return row[0] if row and quoted(row[0]) != quoted(plain) else None
