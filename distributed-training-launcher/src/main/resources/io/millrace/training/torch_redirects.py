"""PyTorch before 2.0 on Python 3.11 and later cannot read torchrun's own default of --redirects: the enumeration's values 0
and 3 are no longer seen by a loop over it. Only where that is so is the one method replaced.
"""
try:
    from torch.distributed.elastic.multiprocessing.api import Std
except ImportError:
    Std = None  # a version that does without


def reads_all_values():
    try:
        return all(Std.from_str(str(value)) == Std(value) for value in range(4))
    except Exception:
        return False


def from_str(cls, text):
    if text in ("0", "1", "2", "3"):
        return cls(int(text))
    return {int(rank): cls(int(value)) for rank, value in (each.split(":") for each in text.split(","))}


if Std is not None and not reads_all_values():
    Std.from_str = classmethod(from_str)


