"""Ask, answer, solve: the shortest way through the forum, in a browser without JavaScript."""

from forums.models import Thread


def test_a_member_asks_and_finds_the_question_in_its_topic(alice, topic, as_):
    answer = as_(alice).post(
        "/questions/ask/",
        {"subject": "Why is it empty?", "topic": "exports", "body": "No rows.", "tags": "csv"},
    )
    assert answer.status_code == 302
    thread = Thread.objects.get()
    assert answer["Location"] == f"/questions/{thread.slug}/" == "/questions/why-is-it-empty/"
    page = as_(None).get("/questions/topic/exports/").content.decode()
    assert "Why is it empty?" in page
    topic.refresh_from_db()
    assert (topic.thread_count, topic.unanswered_count) == (1, 1)


def test_a_reply_and_a_solution_show_on_the_page(alice, bob, thread, topic, as_):
    assert (
        as_(bob).post(f"/questions/{thread.slug}/reply/", {"body": "Check the *filter*."}).status_code == 302
    )
    reply = thread.posts.get(number=2)
    assert as_(alice).post(f"/questions/post/{reply.pk}/solution/").status_code == 302
    page = as_(None).get(f"/questions/{thread.slug}/").content.decode()
    assert "Check the <em>filter</em>." in page
    assert 'id="solution"' in page
    topic.refresh_from_db()
    assert (topic.unanswered_count, topic.solved_count) == (0, 1)
