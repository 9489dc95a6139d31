"""What Prometheus reads: numbers the apps register, and its text format."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

Sample = tuple[dict[str, str], float]


class Type(Enum):
    GAUGE = "gauge"
    COUNTER = "counter"
    HISTOGRAM = "histogram"


@dataclass(frozen=True)
class Metric:
    """A number, or several that labels tell apart. `read` runs at most every half minute, whoever asks."""

    name: str
    help: str
    type: Type
    read: Callable[[], Iterable[Sample]]


_metrics: dict[str, Metric] = {}


def register(*metrics: Metric) -> None:
    """Add metrics to `/metrics`. Raises ValueError for a name that is taken."""
    for metric in metrics:
        if metric.name in _metrics:
            raise ValueError(f"{metric.name} is registered already.")
        _metrics[metric.name] = metric


def read_all() -> list[str]:
    """Return the lines of every registered metric."""
    return [
        line
        for metric in _metrics.values()
        for line in lines(metric.name, metric.help, metric.type, metric.read())
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
