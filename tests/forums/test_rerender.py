"""`rerender_posts` brings old HTML up to date, and only that."""

from django.core.management import call_command

from forums.models import Post


def test_posts_of_an_older_renderer_are_rendered_again_once(reply, thread, capsys):
    Post.objects.filter(pk=reply.pk).update(body_html="<p>old</p>", renderer_version=0)
    call_command("rerender_posts")
    assert "Rendered 1 posts" in capsys.readouterr().out
    reply.refresh_from_db()
    assert "Check the filter." in reply.body_html
    call_command("rerender_posts")
    assert "Rendered 0 posts" in capsys.readouterr().out
