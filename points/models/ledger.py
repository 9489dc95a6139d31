"""The ledger: double entry, append-only, guarded by PostgreSQL (migration 0002 holds the triggers)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class AccountKind(models.TextChoices):
    WALLET = "wallet", _("Wallet")
    ISSUANCE = "issuance", _("Issuance")
    REDEMPTION = "redemption", _("Redemption")
    REVERSAL = "reversal", _("Reversal")


class Kind(models.TextChoices):
    """What a transaction is; `points.policy.COUNTERPARTS` says which account stands opposite the wallet."""

    REPLY = "reply", _("Reply")
    SOLUTION = "solution", _("Solution")
    ACHIEVEMENT = "achievement", _("Achievement")
    GIFT = "gift", _("Gift")
    REDEMPTION = "redemption", _("Redemption")
    REFUND = "refund", _("Refund")
    REVERSAL = "reversal", _("Reversal")
    RESTORATION = "restoration", _("Restoration")


class Account(models.Model):
    """A person's wallet, or one of the house's own accounts, which have fixed negative ids.

    Only wallets keep a balance: a trigger moves it with each entry and refuses every other hand. The house's accounts would
    be one row that everybody waits for; theirs is the sum of their entries.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=AccountKind.choices)
    name = models.SlugField(
        _("name"), max_length=40, null=True, unique=True, help_text=_("Of the house's own accounts.")
    )
    profile = models.OneToOneField(
        "profiles.Profile",
        null=True,
        on_delete=models.PROTECT,
        related_name="wallet",
        verbose_name=_("member"),
    )
    balance = models.BigIntegerField(_("balance"), default=0)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="wallet", profile__isnull=False, name=None)
                | (~Q(kind="wallet") & Q(profile=None, name__isnull=False, balance=0)),
                name="account_is_a_wallet_or_the_houses",
            )
        ]

    def __str__(self) -> str:
        return self.name or f"Wallet of {self.profile_id}"


class Transaction(models.Model):
    """One booking: `amount` moves between a wallet and the account its kind stands opposite. Never changed, never deleted."""

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    cause = models.CharField(
        _("cause"), max_length=160, unique=True, help_text=_("Booked once, whoever asks how often.")
    )
    wallet = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="transactions")
    amount = models.BigIntegerField(
        _("points"), help_text=_("What the wallet gained, or lost when negative.")
    )
    withheld = models.PositiveIntegerField(
        _("withheld"), default=0, help_text=_("Points that a day's cap kept back.")
    )
    # A plain number, not a foreign key: the row must survive whatever happens to the profile.
    actor_id = models.BigIntegerField(
        _("actor"), null=True, help_text=_("Id of the profile that acted; empty: Hearth itself.")
    )
    source_key = models.CharField(
        _("source"), max_length=80, blank=True, help_text=_("Kind and id, such as post:998.")
    )
    reverses = models.OneToOneField(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="reversed_by",
        help_text=_("The one it undoes; each once."),
    )
    origin = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("First of a chain of reversals."),
    )
    created_at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("transaction")
        verbose_name_plural = _("transactions")
        constraints = [
            models.CheckConstraint(
                condition=Q(withheld=0) | Q(amount=0), name="transaction_is_paid_or_withheld"
            ),
            models.CheckConstraint(
                condition=~Q(amount=0) | Q(withheld__gt=0), name="transaction_moves_something"
            ),
            models.CheckConstraint(
                condition=~Q(kind="redemption") | Q(amount__lt=0), name="transaction_redemption_spends"
            ),
            models.CheckConstraint(
                condition=Q(reverses=None, origin=None) | Q(reverses__lt=F("id")),
                name="transaction_undoes_older",
            ),
        ]
        indexes = [
            models.Index(fields=["wallet", "-id"], name="transaction_by_wallet"),
            models.Index(fields=["wallet", "kind", "created_at"], name="transaction_of_a_day"),
            models.Index(
                fields=["origin", "-id"], condition=Q(origin__isnull=False), name="transaction_by_origin"
            ),
            models.Index(fields=["source_key"], condition=~Q(source_key=""), name="transaction_by_source"),
            models.Index(fields=["created_at"], name="transaction_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount:+d}"


class Entry(models.Model):
    """One side of a transaction. A deferred trigger lets a transaction commit only with two, which sum to zero."""

    transaction = models.ForeignKey(Transaction, on_delete=models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries")
    amount = models.BigIntegerField(_("points"))

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [
            models.UniqueConstraint(fields=["transaction", "account"], name="entry_once_per_account")
        ]
        indexes = [models.Index(fields=["account", "-id"], name="entry_by_account")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount:+d}"


class TransactionDetail(models.Model):
    """The words of a transaction, erasable: the ledger holds ids and numbers only."""

    transaction = models.OneToOneField(
        Transaction, primary_key=True, on_delete=models.PROTECT, related_name="detail"
    )
    title = models.CharField(
        _("title"), max_length=200, blank=True, help_text=_("What the source was called at the time.")
    )
    url = models.CharField(_("address"), max_length=500, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("words of a transaction")
        verbose_name_plural = _("words of transactions")

    def __str__(self) -> str:
        return f"Words of transaction {self.transaction_id}"
