package io.millrace.training.hccl

import java.nio.file.{Files, Path}
import java.time.Duration
import java.util.concurrent.CompletableFuture

import scala.jdk.CollectionConverters._

import io.millrace.dataset.{DatasetException, SharedData}
import io.millrace.training.TrainingException
import io.millrace.training.hccl.InstanceRankTable.{Group, Instance}
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks.{forAll, Table}

class RankTableSuite extends AnyFunSuite with SharedData {
  private val instances = new InstanceRankTable(Seq(new Group("job-trainjob", Seq(
    instance("job-trainjob-10", "10.0.0.2", 1, 0),
    instance("job-trainjob-2", "10.0.0.1", 10, 9),
    instance("job-trainjob-0", "10.0.0.2", 5)).asJava)).asJava)

  private val completed =
    """{"group_count": "1", "group_list": [{"group_name": "job-trainjob", "device_count": "1",
      |"instance_count": "1", "instance_list": [{"pod_name": "job0-job-trainjob-0",
      |"server_id": "192.168.0.25", "devices": [{"device_id": "4", "device_ip": "192.1.10.254"}]}]}],
      |"status": "completed"}""".stripMargin.replace("\n", "")

  private val waiting = Duration.ofSeconds(20)
  private val period = Duration.ofMillis(1)

  test("TRN-3 conversion - instances in any order - ranks follow pod numbers, then device numbers") {
    val servers = instances.toServers.servers.asScala.map(server =>
      server.id -> server.devices.asScala.map(each => each.device.id -> each.rank).toSeq)
    assert(servers == Seq(
      "10.0.0.2" -> Seq(5 -> 0, 0 -> 3, 1 -> 4),
      "10.0.0.1" -> Seq(9 -> 1, 10 -> 2)))
  }

  test("TRN-3 conversion - ModelArts' example of template 2 - gives its example of template 1") {
    val json = RankTableJson.write(read(completed).toServers)
    assert(json.filterNot(_.isWhitespace) ==
      """{"version":"1.0","server_count":"1","server_list":[{"server_id":"192.168.0.25","device":
        |[{"device_id":"4","device_ip":"192.1.10.254","rank_id":"0"}]}],"status":"completed"}"""
        .stripMargin.filterNot(_.isWhitespace))
  }

  test("TRN-3 JSON - both templates - are read back as they were written") {
    for (table <- Seq(instances, instances.toServers))
      assert(read(RankTableJson.write(table)) == table)
    assert(RankTableJson.write(instances).contains(""""device_count" : "5""""))
  }

  test("TRN-3 JSON - the tables of MindSpore's documentation - are read") {
    val tables = Table(
      ("file", "servers", "devices"),
      ("startup_method/rank_table_8pcs.json", 1, 8),
      ("startup_method/rank_table_16pcs.json", 2, 16),
      ("startup_method/rank_table_cross_cluster_16pcs.json", 2, 16),
      ("shard_function_parallel/rank_table_8pcs.json", 1, 8))
    val directory = sharedData("hccl-mindspore-docs").resolve("docs/sample_code")
    forAll(tables) { (file, servers, devices) =>
      val table = read(Files.readString(directory.resolve(file)))
      assert(table.toServers.servers.size == servers && table.devices == devices)
    }
  }

  test("TRN-3 JSON - the form of laboratories - is read with its ranks, or counted without") {
    def lab(ranks: String*) = {
      val entries = ranks.zipWithIndex.map { case (rank, i) =>
        s"""{"devices": [{"device_id": "$i", "device_ip": "192.1.0.$i"}], $rank "server_id": "10.0.0.1"}"""
      }
      s"""{"deploy_mode": "lab", "group_count": "1", "group_list": [{"device_num": "2", "server_num": "1",
         |"instance_count": "2", "instance_list": [${entries.mkString(",")}]}], "status": "completed"}""".stripMargin
    }
    def ranks(text: String) = read(text).toServers.servers.get(0).devices.asScala.map(_.rank)
    assert(ranks(lab(""""rank_id": "1",""", """"rank_id": "0",""")) == Seq(1, 0))
    assert(ranks(lab("", "")) == Seq(0, 1))
  }

  test("TRN-3 JSON - a table that is no good - is refused with the field named") {
    val one = """{"device_id": "0", "device_ip": "1.1.1.1", "rank_id": "0"}"""
    def servers(count: String, devices: String*) =
      s"""{"version": "1.0", "server_count": "$count", "server_list": [{"server_id": "a", "device": [${devices.mkString(",")}]}]}"""
    val cases = Table(
      ("text", "words"),
      ("nothing", "it is no JSON"),
      ("[]", "no JSON object"),
      ("{}", "server_list: neither it nor group_list is there"),
      ("""{"version": "1.2", "server_list": []}""", "version 1.2 is for super pods"),
      ("""{"version": "2.0", "rank_list": []}""", "version 2.0 is for super pods"),
      ("""{"version": "0.9"}""", "version: it is '0.9' (expected 1.0)"),
      (servers("2", one), "server_count: it is 2, and the list has 1"),
      (servers("x", one), "server_count: it is 'x' (expected a whole number)"),
      (servers("1"), "server_list: server a has no device"),
      (servers("1", one, one), "device_id: server a has device 0 twice"),
      (servers("1", one, one.replaceFirst("\"0\"", "\"1\"")), "rank_id: two devices have 0"),
      (servers("1", one.replace("\"0\"}", "\"7\"}")), "rank_id: device 0 of server a has 7 (expected 0 to 0"),
      (servers("1", """{"device_ip": "1.1.1.1", "rank_id": "0"}"""), "server_list[0].device[0].device_id: it is missing"),
      (servers("1", """{"device_id": "0", "device_ip": 7, "rank_id": "0"}"""), "server_list[0].device[0].device_ip: it is no text"),
      (completed.replace("job0-job-trainjob-0", "job"), "pod_name: 'job' (expected a name that ends in a hyphen and a number)"),
      (completed.replace("\"device_count\": \"1\"", "\"device_count\": \"8\""), "group_list[0].device_count: it is 8, and the list has 1"),
      (completed.replace("\"instance_count\": \"1\",", ""), "group_list[0].instance_count: it is missing"),
      (completed.replace("\"group_count\": \"1\"", "\"group_count\": \"2\""), "group_count: it is 2, and the list has 1"),
      ("""{"group_count": "0", "group_list": [], "status": "completed"}""", "group_list: no instance has a device"))
    forAll(cases) { (text, words) =>
      val e = intercept[DatasetException](RankTableJson.read(text))
      assert(e.getMessage.contains(words))
    }
  }

  test("TRN-3 file - absent, cut off, initializing, then completed - is waited for") {
    val file = new RankTableFile(newDirectory().resolve(RankTableFile.NAME))
    val table = CompletableFuture.supplyAsync(() => file.await(waiting, period))
    for (text <- Seq(completed.take(40), completed.replace("completed", "initializing"))) {
      Files.writeString(file.path, text)
      assert(!table.isDone)
    }
    file.write(read(completed))
    assert(table.get == read(completed))
    assert(Files.list(file.path.getParent).count() == 1)
  }

  test("TRN-3 file - not complete in time - fails and says what was there last") {
    val cases = Table(
      ("text", "words"),
      ("", "there is no such file"),
      ("""{"status": """, "it is cut off"),
      ("""{"status": "initializing"}""", "its status is not 'completed'"))
    forAll(cases) { (text, words) =>
      val file = new RankTableFile(newDirectory().resolve(RankTableFile.NAME))
      if (text.nonEmpty) Files.writeString(file.path, text)
      val e = intercept[TrainingException](file.await(Duration.ofMillis(5), period))
      assert(e.getMessage.contains(words) && e.getMessage.contains(file.path.toString))
    }
  }

  test("TRN-3 file - complete and wrong - fails at once") {
    val file = new RankTableFile(newDirectory().resolve(RankTableFile.NAME))
    Files.writeString(file.path, """{"status": "completed"}""")
    val e = intercept[TrainingException](file.await(waiting, period))
    assert(e.getMessage.contains("server_list"))
  }

  private def read(text: String): RankTable = RankTableJson.read(text).get

  private def newDirectory(): Path = Files.createTempDirectory("rank-table-")

  private def instance(pod: String, server: String, devices: Int*): Instance =
    new Instance(pod, server, devices.map(id => new HcclDevice(id, s"192.1.0.$id")).asJava)
}
