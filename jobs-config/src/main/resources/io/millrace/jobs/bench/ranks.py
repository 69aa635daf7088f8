"""What the ranks of the benchmark of training do. Each leaves its figures in a file of its own."""
import time

first_line = time.time()

import argparse
import os


def leave(figure):
    """Writes which process this is and its figure; the file is whole once it is there."""
    file = os.path.join(arguments.marks, "rank-" + os.environ["RANK"])
    with open(file + ".part", "w", encoding="utf-8") as part:
        part.write("%d %r" % (os.getpid(), figure))
    os.replace(file + ".part", file)


def joined():
    """torch, in a process group of all ranks."""
    import torch
    import torch.distributed as dist

    if torch.get_num_threads() != 1:
        raise SystemExit("torch has %d threads; all contestants have 1" % torch.get_num_threads())
    dist.init_process_group("gloo", init_method="env://")
    return torch, dist


def first_line_only():
    leave(first_line)


def first_reduce():
    torch, dist = joined()
    dist.all_reduce(torch.ones(1))
    leave(time.time())
    dist.destroy_process_group()


def steps():
    """Seconds of a step; each prints a line, and each hundredth leaves a checkpoint, as trainings do."""
    torch, dist = joined()
    torch.manual_seed(arguments.seed)
    model = torch.nn.parallel.DistributedDataParallel(
        torch.nn.Sequential(
            torch.nn.Linear(256, 256), torch.nn.ReLU(),
            torch.nn.Linear(256, 256), torch.nn.ReLU(),
            torch.nn.Linear(256, 10)))
    optimizer = torch.optim.SGD(model.parameters(), 0.01)
    inputs, targets = torch.randn(128, 256), torch.randint(10, (128,))
    for step in range(arguments.warm_ups + arguments.count):
        if step == arguments.warm_ups:
            dist.barrier()
            begin = time.perf_counter()
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(inputs), targets)
        loss.backward()
        optimizer.step()
        print("step %d loss %.4f" % (step, loss.item()))
        if step % 100 == 0 and dist.get_rank() == 0:
            torch.save(model.module.state_dict(), os.path.join(arguments.train_url, "checkpoint.pt"))
    leave((time.perf_counter() - begin) / arguments.count)
    dist.destroy_process_group()


def lines():
    """Lines of 100 bytes, a hundred at a time."""
    hundred = (b"x" * 99 + b"\n") * 100
    leave(first_line)
    for _ in range(arguments.count // 100):
        written = 0
        while written < len(hundred):
            written += os.write(1, hundred[written:])


def wait():
    leave(first_line)
    time.sleep(600)


parser = argparse.ArgumentParser()
parser.add_argument("--task", choices=["first_line_only", "first_reduce", "steps", "lines", "wait"])
parser.add_argument("--marks")
parser.add_argument("--train_url")
for name in ("count", "warm_ups", "seed"):
    parser.add_argument("--" + name, type=int)
arguments = parser.parse_args()
globals()[arguments.task]()
