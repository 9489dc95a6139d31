"""What runs by the clock: tasks by name, and every how many seconds."""

HOUR = 3600.0
SCHEDULE = {
    "deliver-announcements": {"task": "integrations.tasks.deliver_due", "schedule": 60.0},
    "forget-announcements": {"task": "integrations.tasks.forget_announcements", "schedule": 24 * HOUR},
    "sweep-uploads": {"task": "forums.tasks.sweep_uploads", "schedule": HOUR},
    "sweep-files": {"task": "forums.tasks.sweep_files", "schedule": 24 * HOUR},
    "sweep-mail-answers": {"task": "forums.tasks.sweep_mail_answers", "schedule": HOUR / 6},
    "forget-pending-posts": {"task": "forums.tasks.forget_pending_posts", "schedule": HOUR},
    "forget-search-misses": {"task": "forums.tasks.forget_search_misses", "schedule": 24 * HOUR},
    "resume-award-runs": {"task": "points.tasks.resume_award_runs", "schedule": 300.0},
    "award-daily": {"task": "points.tasks.award_daily", "schedule": 24 * HOUR, "options": {"queue": "bulk"}},
    "erase-addresses": {"task": "points.tasks.erase_addresses", "schedule": HOUR},
    "warn-low-stock": {"task": "points.tasks.warn_low_stock", "schedule": HOUR},
    "forget-answers": {"task": "profiles.tasks.forget_answers", "schedule": HOUR},
    "ask-askers": {"task": "forums.tasks.ask_askers", "schedule": 900.0},
    "send-digests": {"task": "forums.tasks.send_digests", "schedule": 300.0, "options": {"queue": "bulk"}},
    "send-mail": {"task": "profiles.tasks.send_mail", "schedule": 30.0, "options": {"queue": "mail"}},
    "send-bulk-mail": {
        "task": "profiles.tasks.send_bulk_mail",
        "schedule": 60.0,
        "options": {"queue": "bulk"},
    },
    "end-bans": {"task": "moderation.tasks.end_bans", "schedule": 60.0},
    "remind-moderators": {"task": "moderation.tasks.remind_moderators", "schedule": 300.0},
    "sweep-moderation": {"task": "moderation.tasks.sweep_moderation", "schedule": 300.0},
    "look-after-accounts": {
        "task": "profiles.tasks.look_after_accounts",
        "schedule": HOUR / 4,
        "options": {"queue": "bulk"},
    },
    "clear-sessions": {"task": "profiles.tasks.clear_sessions", "schedule": 24 * HOUR},
}
