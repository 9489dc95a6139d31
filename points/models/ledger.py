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
    """The kinds of transactions; `points.policy.COUNTERPARTS` says which account is opposite the wallet."""

    REPLY = "reply", _("Reply")
    SOLUTION = "solution", _("Solution")
    ACHIEVEMENT = "achievement", _("Achievement")
    GIFT = "gift", _("Points awarded")
    REDEMPTION = "redemption", _("Redemption")
    REFUND = "refund", _("Refund")
    REVERSAL = "reversal", _("Reversal")
    RESTORATION = "restoration", _("Restoration")


class Account(models.Model):
    """A person's wallet, or a system account, which has a fixed negative id.

    Only wallets keep a balance: a trigger changes it with each entry and refuses any other change. The balance of a system
    account is the sum of its entries: as a column it would be one row that every transaction waits for.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=AccountKind.choices)
    name = models.SlugField(
        _("name"), max_length=40, null=True, unique=True, help_text=_("For system accounts only.")
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
    """`amount` moves between a wallet and the account opposite its kind. Never changed, never deleted."""

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    cause = models.CharField(
        _("cause"), max_length=160, unique=True, help_text=_("Each cause is booked once.")
    )
    wallet = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="transactions")
    amount = models.BigIntegerField(_("points"), help_text=_("Added to the wallet; negative: taken from it."))
    withheld = models.PositiveIntegerField(
        _("withheld"), default=0, help_text=_("Points not paid because of the daily limit.")
    )
    # A plain number, not a foreign key: the row must survive whatever happens to the profile.
    actor_id = models.BigIntegerField(_("actor"), null=True, help_text=_("Profile id; empty: Hearth itself."))
    source_key = models.CharField(
        _("source"), max_length=80, blank=True, help_text=_("Kind and id, such as post:998.")
    )
    reverses = models.OneToOneField(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="reversed_by",
        help_text=_("The transaction it reverses, once."),
    )
    origin = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The first of a chain of reversals."),
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
    """One side of a transaction.

    A deferred trigger lets a transaction commit only with two, which sum to zero.
    """

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
    """The texts of a transaction, which can be erased: the ledger holds ids and numbers only."""

    transaction = models.OneToOneField(
        Transaction, primary_key=True, on_delete=models.PROTECT, related_name="detail"
    )
    title = models.CharField(
        _("title"), max_length=200, blank=True, help_text=_("Title of the source at the time.")
    )
    url = models.CharField(_("URL"), max_length=500, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("transaction detail")
        verbose_name_plural = _("transaction details")

    def __str__(self) -> str:
        return f"Detail of transaction {self.transaction_id}"
