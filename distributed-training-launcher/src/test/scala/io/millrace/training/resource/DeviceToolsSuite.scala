package io.millrace.training.resource

import java.nio.file.Files
import java.time.Duration
import java.util.{OptionalDouble, List => JList, Map => JMap, Set => JSet}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.DatasetException
import io.millrace.training.{DeviceType, Rank, TrainingFixture}
import io.millrace.training.resource.DeviceLoad.Kind.{GPU, NPU}

class DeviceToolsSuite extends AnyFunSuite with TrainingFixture {

  test("TRN-10 nvidia-smi - two GPUs, one that is divided, one that tells no memory - are read") {
    val printed = "0, 97, 66500, 81559\n1, 0, 4, 81559\n2, [N/A], 36537, 81920\n3, 12, [N/A], [N/A]\n"
    assert(NvidiaSmi.parse(printed).asScala === Seq(
      new DeviceLoad(GPU, 0, percent(97), percent(100.0 * 66500 / 81559)),
      new DeviceLoad(GPU, 1, percent(0), percent(100.0 * 4 / 81559)),
      new DeviceLoad(GPU, 2, OptionalDouble.empty, percent(100.0 * 36537 / 81920)),
      new DeviceLoad(GPU, 3, percent(12), OptionalDouble.empty)))
    val error = intercept[DatasetException](NvidiaSmi.parse("No devices were found\n"))
    assert(error.getMessage.startsWith("Cannot read what nvidia-smi printed: 'No devices were found'"))
  }

  test("TRN-10 npu-smi info - cards of one chip - are numbered by the card, processes are no devices") {
    val printed =
      """+------------------------------------------------------------------------------------------------+
        || npu-smi 23.0.0                   Version: 23.0.0                                               |
        |+---------------------------+---------------+----------------------------------------------------+
        || NPU   Name                | Health        | Power(W)    Temp(C)           Hugepages-Usage(page)|
        || Chip                      | Bus-Id        | AICore(%)   Memory-Usage(MB)  HBM-Usage(MB)        |
        |+===========================+===============+====================================================+
        || 4     910B3               | OK            | 91.2        48                0    / 0             |
        || 0                         | 0000:81:00.0  | 63          0    / 0          32768/ 65536         |
        |+===========================+===============+====================================================+
        || 5     910B3               | Warning       | -           50                0    / 0             |
        || 0                         | 0000:82:00.0  | 0           0    / 0          3333 / 65536         |
        |+===========================+===============+====================================================+
        |+---------------------------+---------------+----------------------------------------------------+
        || NPU     Chip              | Process id    | Process name             | Process memory(MB)      |
        |+===========================+===============+====================================================+
        || 4       0                 | 1513          | python                   | 29434                   |
        || No running processes found in NPU 5                                                            |
        |+===========================+===============+====================================================+
        |""".stripMargin
    assert(NpuSmi.parse(printed).asScala === Seq(
      new DeviceLoad(NPU, 4, percent(63), percent(50)),
      new DeviceLoad(NPU, 5, percent(0), percent(100.0 * 3333 / 65536))))
  }

  test("TRN-10 npu-smi info - cards of two chips, memory without HBM - are numbered among all") {
    val printed =
      """| NPU   Name                | Health        | Power(W)             Temp(C)                 Hugepages-Usage(page)   |
        || Chip  Phy-ID              | Bus-Id        | AICore(%)            Memory-Usage(MB)        HBM-Usage(MB)           |
        || 0     Ascend910           | OK            | 162.6                34                      0    / 0                |
        || 0     0                   | 0000:9D:00.0  | 7                    0    / 0                3419 / 65536            |
        || 0     Ascend910           | OK            | -                    34                      0    / 0                |
        || 1     1                   | 0000:9F:00.0  | 100                  0    / 0                2874 / 65536            |
        || 3     310P3               | OK            | NA                   34                      0    / 0                |
        || 0     2                   | 0000:A1:00.0  | -                    1024 / 4096                                     |
        |""".stripMargin
    assert(NpuSmi.parse(printed).asScala === Seq(
      new DeviceLoad(NPU, 0, percent(7), percent(100.0 * 3419 / 65536)),
      new DeviceLoad(NPU, 1, percent(100), percent(100.0 * 2874 / 65536)),
      new DeviceLoad(NPU, 2, OptionalDouble.empty, percent(25))))
    assert(intercept[DatasetException](NpuSmi.parse("dcmi module initialize failed.")).getMessage
      .startsWith("Cannot read what npu-smi info printed"))
  }

  test("TRN-10 tools of a machine - programs on the PATH - are run with the documented arguments") {
    tool("nvidia-smi", "[ \"$*\" = '--query-gpu=index,utilization.gpu,memory.used,memory.total --format=csv,noheader,nounits' ] && echo '0, 50, 1, 2'")
    val tools = DeviceTools.on(s"/nosuch:$directory")
    assert(tools.read(all) === new DeviceReading.Read(JList.of(new DeviceLoad(GPU, 0, percent(50), percent(50)))))
    assert(tools.read(JSet.of(VendorTool.NPU_SMI)) === new DeviceReading.NoTool)
    assert(DeviceTools.on("/nosuch").read(all) === new DeviceReading.NoTool)
  }

  test("TRN-10 tools of a machine - one fails or says something else - is an error that names it") {
    tool("nvidia-smi", "echo 'NVIDIA-SMI has failed'; exit 9")
    assert(DeviceTools.on(directory.toString).read(all) ===
      new DeviceReading.Failed(s"$directory/nvidia-smi failed with exit code 9"))
    tool("nvidia-smi", "echo 'hello'")
    DeviceTools.on(directory.toString).read(all) match {
      case failed: DeviceReading.Failed => assert(failed.why.contains("'hello'"))
      case other => fail(other.toString)
    }
  }

  test("TRN-10 a tool that waits for a lost device - is given up, and ended") {
    tool("npu-smi", s"echo $$$$ > $directory/pid; exec sleep 600")
    assert(DeviceTools.on(directory.toString).withTimeout(Duration.ofSeconds(1)).read(all) ===
      new DeviceReading.Failed(s"$directory/npu-smi does not answer within 1.0 s"))
    val pid = Files.readString(directory.resolve("pid")).trim.toLong
    eventually(assert(!ProcessHandle.of(pid).isPresent))
  }

  test("TRN-10 devices of a job - by count or by what is visible - belong to its ranks in order") {
    script("print()")
    val plain = job(1).deviceType(DeviceType.GPU).devicesPerNode(2).build()
    assert(JobDevices.of(plain, JList.of(), JMap.of()).indexes.asScala === Seq(0, 1))
    assert(JobDevices.of(plain, JList.of(), JMap.of("CUDA_VISIBLE_DEVICES", "6,4,2")).indexes.asScala === Seq(6, 4))
    val inherited = JMap.of("CUDA_VISIBLE_DEVICES", "6,4")
    assert(JobDevices.of(plain, JList.of("3", "5"), inherited).indexes.asScala === Seq(3, 5), "given by the back end")
    assert(JobDevices.of(plain, JList.of("MIG-5f1", "MIG-7a2"), inherited) === JobDevices.none, "no tool knows them")
    val own = job(1).deviceType(DeviceType.GPU).devicesPerNode(2).environment("ASCEND_RT_VISIBLE_DEVICES", "3,1").build()
    val devices = JobDevices.of(own, JList.of("7"), JMap.of("CUDA_VISIBLE_DEVICES", "6,4"))
    assert(devices.of(new Rank(0, 1, 0, 0, 1)) === JList.of(3, 1))
    assert(devices.of(new Rank(1, 2, 0, 1, 2)) === JList.of(1))
    assert(JobDevices.of(job(1).devicesPerNode(2).build(), JList.of("0"), JMap.of()) === JobDevices.none)
    assert(JobDevices.none.of(new Rank(1, 2, 0, 1, 2)).isEmpty)
  }

  private val all = java.util.EnumSet.allOf(classOf[VendorTool])

  private def tool(name: String, script: String): Unit = {
    val file = write(directory.resolve(name), s"#!/bin/sh\n$script\n")
    assert(file.toFile.setExecutable(true))
  }

  private def percent(value: Double): OptionalDouble = OptionalDouble.of(value)
}
