"""Metrics for Prometheus: apps register them, and this module writes its text format."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from community.lib.registry import Registry

Sample = tuple[dict[str, str], float]


class Type(Enum):
    GAUGE = "gauge"
    COUNTER = "counter"
    HISTOGRAM = "histogram"


@dataclass(frozen=True)
class Metric:
    """A number, or several with different labels. `read` runs at most once every half minute."""

    name: str
    help: str
    type: Type
    read: Callable[[], Iterable[Sample]]


_metrics: Registry[Metric] = Registry("Metrics")


def register(*metrics: Metric) -> None:
    """Add metrics to `/metrics`. Raises ValueError for a name that is taken."""
    for metric in metrics:
        _metrics.add(metric.name, metric)


def read_all() -> list[str]:
    """Return the lines of every registered metric."""
    return [
        line for metric in _metrics for line in lines(metric.name, metric.help, metric.type, metric.read())
    ]


def lines(name: str, help_text: str, kind: Type, samples: Iterable[Sample]) -> list[str]:
    """Return a metric in the text format. A label `__suffix` is added to the name: of histograms, `_bucket` and so on."""
    found = [f"# HELP {name} {help_text}", f"# TYPE {name} {kind.value}"]
    for labels, value in samples:
        labels = dict(labels)
        suffix = labels.pop("__suffix", "")
        told = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        found.append(f"{name}{suffix}{{{told}}} {value:.12g}" if told else f"{name}{suffix} {value:.12g}")
    return found


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
