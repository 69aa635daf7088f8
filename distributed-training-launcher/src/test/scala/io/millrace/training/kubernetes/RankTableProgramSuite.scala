package io.millrace.training.kubernetes

import java.nio.file.{Files, Path}
import java.util.concurrent.TimeUnit
import java.util.{List => JList}

import scala.jdk.CollectionConverters._
import scala.util.Random

import com.fasterxml.jackson.databind.ObjectMapper
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

import io.millrace.dataset.{DatasetException, SharedData}
import io.millrace.training.hccl.InstanceRankTable.{Group, Instance}
import io.millrace.training.hccl.{HcclDevice, InstanceRankTable, RankTableJson, ServerRankTable}
import io.millrace.training.{FileTree, ShippedText, TrainingFixture}

/** The program that reads rank tables in pods, run by a real Python, beside the launcher's own reader. */
class RankTableProgramSuite extends AnyFunSuite with TrainingFixture with SharedData {
  import RankTableProgramSuite._

  private def table: Path = directory.resolve("jobstart_hccl.json")
  private def copy: Path = directory.resolve("rank_table/own.json")

  test("TRN-3 program - tables of MindSpore's documentation - are taken as they stand, as the launcher reads them") {
    val documents = sharedData("hccl-mindspore-docs").resolve("docs/sample_code")
    forAll(Table("file", "startup_method/rank_table_8pcs.json", "shard_function_parallel/rank_table_8pcs.json")) { file =>
      val text = Files.readString(documents.resolve(file))
      assert(program(text, node = 0, nodes = 1, devices = 8) === Taken)
      assert(Files.readString(copy) === text)
      assert(RankTableJson.read(Files.readString(copy)).get === java(text))
    }
    // Their addresses are masked.
    forAll(Table("file", "startup_method/rank_table_16pcs.json", "startup_method/rank_table_cross_cluster_16pcs.json")) { file =>
      val text = Files.readString(documents.resolve(file))
      val servers = java(text).servers.asScala
      assert(servers.size === 2)
      Seq(0, 1).foreach { node =>
        val told = Seq(1, 2).foldLeft(text.replace("server_id", "?"))((known, number) =>
          known.replaceFirst("\"\\?\": \"[^\"]*\"", s"\"server_id\": \"10.0.0.$number\""))
        assert(program(told, host = s"10.0.0.${node + 1}", node = node, nodes = 2, devices = 8) === Taken)
        assert(Files.readString(copy) === told)
      }
    }
  }

  test("TRN-3 program - tables with pods, devices, servers and groups in any order - converts as the launcher does") {
    forAll(Table("seed", (1 to 8): _*)) { seed =>
      val random = new Random(seed)
      val (nodes, devices) = (1 + random.nextInt(12), 1 + random.nextInt(4))
      val pods = random.shuffle((0 until nodes).toList).map { node =>
        // Two pods of a server have devices of their own.
        val numbers = random.shuffle((0 until devices).toList).map(d => node % 2 * 8 + d * 2 + random.nextInt(2))
        new Instance(s"job-worker-$node", s"10.0.0.${node / 2}", numbers.map(new HcclDevice(_, s"192.1.0.$node")).asJava)
      }
      val text = RankTableJson.write(new InstanceRankTable(JList.of(new Group("worker", pods.asJava))))
      val expected = java(text)
      val node = random.nextInt(nodes)
      assert(program(text, s"job-worker-$node", "", node, nodes, devices) === Taken)
      assert(tree(Files.readString(copy)) === tree(RankTableJson.write(expected)))
    }
  }

  test("TRN-3 program - several groups, the form of laboratories, numbers for texts - converts as the launcher does") {
    val cases = Table(
      ("table", "node", "devices"),
      (pods(pod("a-worker-1", "10.0.0.1", 3), pod("a-worker-0", "10.0.0.1", 4)).replace("\"3\"", "3"), 1, 1),
      (twoGroups, 1, 1),
      (laboratory(""""rank_id": "1",""", """"rank_id": 0,"""), 0, 2),
      (laboratory("", ""), 0, 2),
      (pods(pod("a-worker-0", "10.0.0.1", 3), """{"pod_name": "a-master-9", "server_id": "10.0.0.9", "devices": null}"""), 0, 1)
    )
    forAll(cases) { (text, node, devices) =>
      val nodes = java(text).devices / devices
      assert(program(text, s"a-worker-$node", "10.0.0.1", node, nodes, devices) === Taken)
      assert(tree(Files.readString(copy)) === tree(RankTableJson.write(java(text))))
    }
  }

  test("TRN-3 program - a table that is no good - is refused with the launcher's own words") {
    val good = pods(pod("a-worker-0", "10.0.0.1", 3))
    val one = """{"device_id": "0", "device_ip": "1.1.1.1", "rank_id": "0"}"""
    def servers(count: String, devices: String*) =
      s"""{"version": "1.0", "server_count": $count, "server_list": [{"server_id": "a", "device": [${devices.mkString(",")}]}]}"""
    val cases = Table(
      "text",
      "[]",
      "{}",
      """{"version": "1.2", "server_list": []}""",
      """{"version": 2.0, "rank_list": []}""",
      """{"super_pod_list": []}""",
      """{"version": "0.9"}""",
      """{"version": {}}""",
      """{"server_list": {}}""",
      """{"server_count": "0", "server_list": []}""",
      servers("\"2\"", one),
      servers("true", one),
      servers("null", one),
      servers("1.5", one),
      servers("\"1\""),
      servers("\"1\"", one, one),
      servers("\"1\"", one, one.replaceFirst("\"0\"", "\"1\"")),
      servers("\"1\"", one.replace("\"0\"}", "\"7\"}")),
      servers("\"1\"", one.replace("\"0\"}", "-1}")),
      servers("\"1\"", one.replace("1.1.1.1", " ")),
      servers("\"1\"", """{"device_ip": "1.1.1.1", "rank_id": "0"}"""),
      servers("\"1\"", """{"device_id": "0", "device_ip": 7, "rank_id": "0"}"""),
      servers("\"1\"", "7"),
      good.replace("a-worker-0", "worker"),
      good.replace("a-worker-0", "a-worker-٣"),
      good.replace("10.0.0.1", " "),
      good.replace("\"device_count\": \"1\"", "\"device_count\": \"8\""),
      good.replace("\"instance_count\": \"1\",", ""),
      good.replace("\"group_count\": \"1\"", "\"group_count\": \"2\""),
      good.replace("\"group_name\"", "\"name\""),
      good.replace("\"instance_list\"", "\"list\""),
      good.replace("\"devices\"", "\"device\""),
      good.replace("\"pod_name\": \"a-worker-0\"", "\"pod_name\": null"),
      pods(pod("a-worker-0", "10.0.0.1", 3), pod("a-worker-1", "10.0.0.1", 3)),
      """{"group_count": "0", "group_list": [], "status": "completed"}""",
      laboratory(""""rank_id": "1",""", """"rank_id": "1","""),
      laboratory("", "").replace("\"server_num\": \"1\"", "\"server_num\": \"2\""),
      laboratory("", "").replace("\"device_num\": \"2\"", "\"device_num\": \"x\"")
    )
    forAll(cases) { text =>
      val words = intercept[DatasetException](java(text)).getMessage
      assert(program(text) === Refused(words))
    }
    Seq("nothing", good + " x", good.replace("\"1\"", "NaN")).foreach { text =>
      assert(intercept[DatasetException](java(text)).getMessage.startsWith(NoJson))
      assert(program(text).asInstanceOf[Refused].words.startsWith(NoJson))
    }
    val early = good.replace("completed", "initializing")
    assert(RankTableJson.read(early).isEmpty)
    assert(program(early) === Refused("Invalid rank table: status: it is 'initializing' (expected completed)."))
  }

  test("TRN-3 program - a table that is not this job's - is refused with what is missing") {
    val two = pods(pod("a-worker-0", "10.0.0.1", 3, 4), pod("a-worker-1", "10.0.0.2", 5, 6))
    val swapped = two.replace("a-worker-0", "a-worker-7")
    val many = pods((0 until 5).map(node => pod(s"a-worker-$node", s"10.0.0.$node", 0)): _*)
    val servers = RankTableJson.write(java(two))
    val cases = Table(
      ("text", "pod", "host", "node", "nodes", "devices", "words"),
      (two, "b-worker-1", "", 1, 2, 2,
        "it has no pod b-worker-1 (it has a-worker-0, a-worker-1). Look whether the cluster wrote it for this job."),
      (many, "a-worker-5", "", 5, 6, 1,
        "it has no pod a-worker-5 (it has a-worker-0, a-worker-1, a-worker-2 and 2 more). Look whether the cluster wrote it for this job."),
      (two, "a-worker-1", "", 1, 2, 8,
        "it gives node 1 2 devices (expected 8, as the job has a node). Start the job with as many devices a node as pods get."),
      (two, "a-worker-1", "", 1, 3, 2,
        "it has 4 devices (expected 6, as the job has processes). Look whether the cluster wrote it for this job."),
      (swapped, "a-worker-1", "", 1, 2, 2,
        "it gives node 1 the ranks 0 1 (expected 2 3). Look whether its order is that of the VC_TASK_INDEX of the pods."),
      (servers, "a-worker-1", "10.0.0.3", 1, 2, 2,
        "it has no server '10.0.0.3', which is the address of this host (it has 10.0.0.1, 10.0.0.2), and names no pods. " +
          "Let the cluster write template 2, or server_id as addresses of hosts."),
      (servers, "a-worker-1", "10.0.0.1", 1, 2, 2,
        "it gives node 1 the ranks 0 1 (expected 2 3). Look whether its order is that of the VC_TASK_INDEX of the pods.")
    )
    forAll(cases) { (text, pod, host, node, nodes, devices, words) =>
      assert(program(text, pod, host, node, nodes, devices) === Refused(words))
      assert(!Files.exists(copy))
    }
    assert(program(servers, "", "10.0.0.2", 1, 2, 2) === Taken)
    FileTree.delete(copy.getParent)
    write(copy.getParent, "a file")
    assert(program(two, "a-worker-1", "", 1, 2, 2).asInstanceOf[Refused].words.startsWith(
      "its copy for this node cannot be written: "))
  }

  private def java(text: String): ServerRankTable = RankTableJson.read(text).get.toServers

  private def tree(text: String) = new ObjectMapper().readTree(text)

  private def program(
      text: String,
      pod: String = "a-worker-0",
      host: String = "10.0.0.1",
      node: Int = 0,
      nodes: Int = 1,
      devices: Int = 1): Outcome = {
    write(table, text)
    val process = new ProcessBuilder("/usr/bin/python3", "-I", "-S", "-c", Program, table.toString, copy.toString, pod,
      host, node.toString, nodes.toString, devices.toString).redirectErrorStream(true).start()
    val output = new String(process.getInputStream.readAllBytes(), "UTF-8").stripLineEnd
    assert(process.waitFor(30, TimeUnit.SECONDS))
    val refusal = s"[ModelArts Service Log] Cannot use the rank table $table: "
    process.exitValue match {
      case 0 if output.isEmpty => Taken
      case 78 if output.startsWith(refusal) => Refused(output.stripPrefix(refusal))
      case other => fail(s"exit code $other: $output")
    }
  }
}

object RankTableProgramSuite {
  private val Program = ShippedText.of(classOf[PodRankTable], "rank_table.py")
  private val NoJson = "Cannot read the rank table: it is no JSON: "

  sealed trait Outcome
  case object Taken extends Outcome
  case class Refused(words: String) extends Outcome

  private def pod(name: String, server: String, devices: Int*): String = {
    val each = devices.map(id => s"""{"device_id": "$id", "device_ip": "192.1.0.$id"}""")
    s"""{"pod_name": "$name", "server_id": "$server", "devices": [${each.mkString(", ")}]}"""
  }

  private def pods(entries: String*): String = {
    val devices = "device_id".r.findAllIn(entries.mkString).size
    s"""{"group_count": "1", "group_list": [{"group_name": "worker", "device_count": "$devices",
       |"instance_count": "${entries.size}", "instance_list": [${entries.mkString(", ")}]}],
       |"status": "completed"}""".stripMargin.replace("\n", " ")
  }

  private val twoGroups: String = {
    val groups = Seq("0" -> 4, "1" -> 7).map { case (number, device) =>
      val entry = pod(s"a-worker-$number", s"10.0.0.$number", device)
      s"""{"group_name": "g$number", "device_count": "1", "instance_count": "1", "instance_list": [$entry]}"""
    }
    s"""{"group_count": "2", "group_list": [${groups.mkString(", ")}], "status": "completed"}"""
  }

  private def laboratory(ranks: String*): String = {
    val entries = ranks.zipWithIndex.map { case (rank, i) =>
      s"""{"devices": [{"device_id": "$i", "device_ip": "192.1.0.$i"}], $rank "server_id": "10.0.0.1"}"""
    }
    s"""{"deploy_mode": "lab", "group_count": "1", "group_list": [{"device_num": "2", "server_num": "1",
       |"instance_count": "2", "instance_list": [${entries.mkString(", ")}]}], "status": "completed"}""".stripMargin
  }
}
