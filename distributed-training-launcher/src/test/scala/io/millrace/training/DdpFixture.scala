package io.millrace.training

import java.time.{Clock, Duration}
import java.util.{List => JList}

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.{DatasetRef, StorageUri}
import io.millrace.training.local.{LocalLauncher, PythonFinder, PythonSearch}

/** A small training with PyTorch's DistributedDataParallel and gloo. */
trait DdpFixture extends TrainingFixture { this: AnyFunSuite =>

  protected lazy val torch: PythonSearch = PythonFinder.onThisMachine().find(JList.of("torch"))

  /** A job of two nodes; cancels the test where no Python imports torch. */
  protected def ddp(change: TrainingJob.Builder => TrainingJob.Builder): TrainingJob = {
    if (torch.found.isEmpty) cancel(torch.explanation)
    script(DdpFixture.Train)
    val version = directory.resolve("V001")
    write(version.resolve("V001.manifest"), "{}\n{}\n")
    change(
      job().input(TrainingInput.ofVersion("data_url", DatasetRef.parse("cells@V001"), StorageUri.of(version)))
    ).build()
  }

  /** Runs the job by a launcher and on this machine: both have the same losses and weights. */
  protected def assertSameAsLocal(launcher: TrainingLauncher, job: TrainingJob): RunHandle = {
    val there = launcher.launch(TrainingRun.of(job))
    assert(there.awaitTerminal(Duration.ofMinutes(4)) === RunState.COMPLETED, there.status)
    assert(TrainingFixture.processesOf(there.run) === Seq())
    val here = new LocalLauncher(settings, torch.require(), Clock.systemUTC()).launch(TrainingRun.of(job))
    assert(here.awaitTerminal(Duration.ofMinutes(4)) === RunState.COMPLETED, here.status)
    val told = results(there.run)
    val ranks = Rank.of(job).size
    assert(told.count(_.contains("epoch")) === 3 * ranks)
    assert(told.count(_.contains("weight")) === ranks)
    assert(told === results(here.run))
    there
  }

  /** Losses of each epoch and the last weights, of all ranks. */
  private def results(run: TrainingRun): Seq[String] =
    (0 until run.job.nodes)
      .flatMap(node => workerLog(run, node).linesIterator)
      .map(_.replaceFirst("^\\[rank \\d+] ", ""))
      .filter(_.matches("rank \\d+ (epoch \\d+ loss|weight) .*"))
      .sorted
}

private object DdpFixture {
  val Train: String =
    """import argparse, os, signal, sys, torch, torch.distributed as dist
      |from torch.nn.parallel import DistributedDataParallel
      |p = argparse.ArgumentParser()
      |for name in ("data_url", "train_url", "init_method", "fail"): p.add_argument("--" + name)
      |for name in ("world_size", "rank", "epochs", "culprit"): p.add_argument("--" + name, type=int, default=-1)
      |a = p.parse_args()
      |torch.manual_seed(0)
      |dist.init_process_group("gloo", init_method=a.init_method or "env://", world_size=a.world_size, rank=a.rank)
      |rank, world = dist.get_rank(), dist.get_world_size()
      |total = torch.tensor([float(rank + 1)])
      |dist.all_reduce(total)
      |told = "rank %d of %d sum %d threads %d\n" % (rank, world, int(total.item()), torch.get_num_threads())
      |os.write(1, told.encode())  # whole, as the processes below torchrun share their output
      |lines = open(os.path.join(a.data_url, "V001.manifest")).read().split()
      |model = DistributedDataParallel(torch.nn.Linear(4, 1))
      |optimizer = torch.optim.SGD(model.parameters(), 0.1)
      |ckpt = os.path.join(a.train_url, "ckpt.pt")
      |first = 0
      |if os.path.exists(ckpt):
      |    state = torch.load(ckpt)
      |    model.module.load_state_dict(state["model"]); first = state["epoch"] + 1
      |print("rank", rank, "reads", len(lines), "lines, starts at epoch", first)
      |for epoch in range(first, a.epochs):
      |    if epoch == 1 and first == 0 and rank == (1 if a.culprit < 0 else a.culprit):
      |        if a.fail == "kill": os.kill(os.getpid(), signal.SIGKILL)
      |        if a.fail == "exit": sys.exit(3)
      |        if a.fail == "raise": raise ValueError("bad batch")
      |        if a.fail == "hang": signal.pause()
      |    optimizer.zero_grad()
      |    loss = model(torch.ones(8, 4) * rank).pow(2).mean()
      |    print("rank", rank, "epoch", epoch, "loss", round(loss.item(), 6))
      |    loss.backward()
      |    optimizer.step()
      |    if rank == 0:
      |        torch.save({"model": model.module.state_dict(), "epoch": epoch}, ckpt + ".tmp")
      |        os.replace(ckpt + ".tmp", ckpt)
      |    dist.barrier()
      |print("rank", rank, "weight", round(sum(q.sum().item() for q in model.parameters()), 6))
      |dist.destroy_process_group()
      |"""
}
