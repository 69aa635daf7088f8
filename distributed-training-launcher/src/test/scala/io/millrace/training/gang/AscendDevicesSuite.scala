package io.millrace.training.gang

import java.time.{Clock, Duration}
import java.util.{List => JList}

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.StorageUri
import io.millrace.training._
import io.millrace.training.hccl.{RankTableJson, ServerRankTable}
import io.millrace.training.local.LocalLauncher

/** Rank tables that the launcher makes itself. There are no NPUs here: only the file that names them is made up. */
class AscendDevicesSuite extends AnyFunSuite with TrainingFixture {

  private val conf =
    """address_1=192.168.101.101
      |netmask_1=255.255.255.0
      |gateway_1=192.168.101.1
      |  address_0 = 192.168.100.101
      |address_10=192.168.102.103
      |""".stripMargin

  test("TRN-3 hccn.conf - with other lines and in any order - names each device's address") {
    assert(AscendDevices.addressesIn(conf) ===
      java.util.Map.of(0, "192.168.100.101", 1, "192.168.101.101", 10, "192.168.102.103"))
  }

  test("TRN-3 devices that a cluster names - by numbers, or otherwise - are taken as they are, or refused") {
    assert(AscendDevices.numbersOf(JList.of("4", "10"), "n1") === JList.of(4, 10))
    assert(intercept[TrainingException](AscendDevices.numbersOf(JList.of("4", "Ascend910-1"), "n1")).getMessage ===
      "Cannot make a rank table: n1 has a device named 'Ascend910-1' (expected a number, as a rank table has it). " +
      "Let the cluster name its NPUs by their numbers, or launch by dynamic-cluster or msrun.")
  }

  test("TRN-2 MindSpore by rank table - a process a device - each gets the table and its place in it") {
    script("""import json, os
      |e = os.environ
      |table = json.load(open(e["RANK_TABLE_FILE"]))
      |print("rank", e["RANK_ID"], "of", e["RANK_SIZE"], "device", e["DEVICE_ID"], e["ASCEND_DEVICE_ID"], e["HCCL_CONNECT_TIMEOUT"])
      |print("servers", table["server_count"], table["status"], os.path.basename(e["RANK_TABLE_FILE"]))
      |if e["RANK_ID"] == "0": open(os.path.join(e["MA_LOG_DIR"], "table"), "w").write(json.dumps(table))
      |""")
    val handle = launch(onNpus(2), write(directory.resolve("hccn.conf"), conf).toString)
    assert(handle.awaitTerminal(Duration.ofMinutes(1)) === RunState.COMPLETED, handle.status)
    val log = workerLog(handle.run, 0)
    assert(log.contains("[rank 0] rank 0 of 2 device 0 0 1800\n"))
    assert(log.contains("[rank 1] rank 1 of 2 device 1 1 1800\n"))
    assert(log.contains("[rank 1] servers 1 completed jobstart_hccl.json\n"))
    val text = java.nio.file.Files.readString(runDirectory(handle.run).logDirectory.resolve("table"))
    val server = RankTableJson.read(text).get.asInstanceOf[ServerRankTable].servers.get(0)
    assert(server.id === "127.0.0.1")
    assert(server.devices.get(1).device.ip === "192.168.101.101")
  }

  test("TRN-3 devices that hccn.conf does not name, or no such file - end the run with one sentence") {
    script("print('never')")
    val few = launch(onNpus(8), write(directory.resolve("hccn.conf"), conf).toString)
    assert(few.awaitTerminal(Duration.ofMinutes(1)) === RunState.FAILED)
    assert(few.status.message.get.startsWith(
      s"Cannot run the job: Cannot make a rank table: $directory/hccn.conf of localhost names the devices [0, 1, 10], and 8 are wanted."))
    val none = launch(onNpus(1), "/nowhere/hccn.conf")
    assert(none.awaitTerminal(Duration.ofMinutes(1)) === RunState.FAILED)
    assert(none.status.message.get.contains("/nowhere/hccn.conf of localhost cannot be read (cat: /nowhere/hccn.conf: No such file"))
  }

  private def onNpus(devices: Int): TrainingJob.Builder =
    job(nodes = 1)
      .framework(Framework.MINDSPORE)
      .deviceType(DeviceType.NPU)
      .devicesPerNode(devices)
      .layout(ProcessLayout.RANK_TABLE)
      .logLocation(StorageUri.of(directory.resolve("kept-logs")))

  private def launch(job: TrainingJob.Builder, hccn: String): RunHandle =
    new LocalLauncher(settings.withHccnFile(hccn), TrainingFixture.python, Clock.systemUTC())
      .launch(TrainingRun.of(job.build()))
}
