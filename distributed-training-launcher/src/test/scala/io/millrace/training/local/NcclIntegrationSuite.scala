package io.millrace.training.local

import java.time.{Clock, Duration}
import java.util.{List => JList}

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.TrainingFixture.processesOf
import io.millrace.training._
import io.millrace.training.gang.ShortCommand

/** DDP with NCCL on this machine's GPUs. Cancelled, with the reason, where there is none. */
class NcclIntegrationSuite extends AnyFunSuite with TrainingFixture {

  private lazy val search = PythonFinder.onThisMachine().find(JList.of("torch"))

  /** How many GPUs torch sees. */
  private lazy val gpus: Int = {
    if (search.found.isEmpty) cancel(search.explanation)
    val probe = "import torch; print('gpus', torch.cuda.device_count() if torch.distributed.is_nccl_available() else 0)"
    val answer = ShortCommand.run(
      new ProcessBuilder(search.require().executable.toString, "-c", probe), Duration.ofMinutes(2))
    answer.output.linesIterator.collectFirst { case s"gpus $count" => count.trim.toInt }.getOrElse(0)
  }

  test("TRN-4 DDP with NCCL - a process for each GPU - agrees on sum and weights, and leaves no process") {
    if (gpus == 0) cancel("torch sees no GPU with NCCL on this machine")
    val ranks = math.min(gpus, 8)
    script("""import os, torch, torch.distributed as dist
      |from torch.nn.parallel import DistributedDataParallel
      |rank, world, local = (int(os.environ[n]) for n in ("RANK", "WORLD_SIZE", "LOCAL_RANK"))
      |device = torch.device("cuda", local if torch.cuda.device_count() > 1 else 0)
      |torch.cuda.set_device(device)
      |dist.init_process_group("nccl", init_method="env://")
      |total = torch.tensor([float(rank + 1)], device=device)
      |dist.all_reduce(total)
      |torch.manual_seed(0)
      |model = DistributedDataParallel(torch.nn.Linear(4, 1).to(device), device_ids=[device])
      |optimizer = torch.optim.SGD(model.parameters(), 0.1)
      |for epoch in range(3):
      |    optimizer.zero_grad()
      |    model(torch.ones(8, 4, device=device) * rank).pow(2).mean().backward()
      |    optimizer.step()
      |print("sum %d weight %.5f" % (int(total.item()), sum(q.sum().item() for q in model.parameters())))
      |dist.destroy_process_group()
      |""")
    val gpuJob = job(nodes = 1)
      .deviceType(DeviceType.GPU)
      .devicesPerNode(ranks)
      .layout(ProcessLayout.PROCESS_PER_DEVICE)
      .environment("NCCL_DEBUG", "INFO")
      .build()
    val handle =
      new LocalLauncher(settings, search.require(), Clock.systemUTC()).launch(TrainingRun.of(gpuJob))
    assert(handle.awaitTerminal(Duration.ofMinutes(4)) === RunState.COMPLETED, handle.status)
    val log = workerLog(handle.run, 0)
    val told = log.linesIterator.map(_.replaceFirst("^\\[rank \\d+] ", "")).filter(_.startsWith("sum ")).toSeq
    assert(told.size === ranks)
    assert(told.distinct.size === 1)
    assert(told.head.startsWith(s"sum ${ranks * (ranks + 1) / 2} "))
    assert(log.contains("NCCL INFO"), "NCCL has not said that it was used")
    assert(processesOf(handle.run) === Seq())
  }
}
