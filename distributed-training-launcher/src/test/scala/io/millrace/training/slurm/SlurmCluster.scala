package io.millrace.training.slurm

import java.io.IOException
import java.net.{InetAddress, ServerSocket}
import java.nio.charset.StandardCharsets
import java.nio.file.attribute.PosixFilePermissions
import java.nio.file.{Files, Path}
import java.security.SecureRandom
import java.util.concurrent.TimeUnit

import scala.jdk.CollectionConverters._
import scala.sys.process.{Process, ProcessLogger, stringSeqToProcess, stringToProcess}
import scala.util.{Random, Using}

import org.scalatest.concurrent.Eventually
import org.scalatest.time.{Millis, Seconds, Span}

import io.millrace.training.FileTree

/**
 * A real Slurm on this machine: munged, slurmctld and a slurmd for each of the nodes n1 and n2, in a
 * directory of its own. That lies in /tmp itself, as the paths of Slurm's sockets in it have to keep
 * within the 107 characters that Unix allows; where they do not, slurmd cannot start a job's script.
 */
class SlurmCluster private (root: Path) extends Eventually {
  import SlurmCluster._

  implicit override def patienceConfig: PatienceConfig =
    PatienceConfig(timeout = Span(30, Seconds), interval = Span(100, Millis))

  private val configuration = root.resolve("slurm.conf")
  private var daemons = Seq.empty[java.lang.Process]
  private var nodes = Map.empty[String, java.lang.Process]

  def environment: Map[String, String] = Map("SLURM_CONF" -> configuration.toString)

  def command(words: String*): String = Process(words, None, environment.toSeq: _*).!!

  /** Kills the daemon of a node, not what runs on the node. */
  def killDaemon(node: String): Unit = nodes(node).destroyForcibly().waitFor()

  def startDaemon(node: String): Unit = {
    nodes += node -> start(s"slurmd-$node", "/usr/sbin/slurmd", "-D", "-f", configuration.toString, "-N", node)
    eventually(assert(command("sinfo", "-h", "-n", node, "-o", "%T").trim == "idle"))
  }

  def stop(): Unit = {
    (nodes.values ++ daemons).foreach(_.destroy())
    (nodes.values ++ daemons).foreach { daemon =>
      if (!daemon.waitFor(10, TimeUnit.SECONDS)) daemon.destroyForcibly().waitFor()
    }
    leftOver().foreach(_.destroyForcibly())
    FileTree.delete(root)
  }

  /** A slurmstepd whose slurmd was killed tells a controller of its end for ever, even one that is gone. */
  private def leftOver(): Seq[ProcessHandle] =
    ProcessHandle.allProcesses().iterator().asScala
      .filter(process => environmentOf(process).contains(s"SLURM_CONF=$configuration")).toSeq

  private def environmentOf(process: ProcessHandle): String =
    try Files.readString(Path.of(s"/proc/${process.pid}/environ"), StandardCharsets.ISO_8859_1)
    catch { case _: IOException => "" } // it has ended

  private def start(): Unit = {
    val munge = Files.createDirectories(root.resolve("munge"))
    Seq(root, munge).foreach(Files.setPosixFilePermissions(_, PosixFilePermissions.fromString("rwxr-xr-x")))
    val key = new Array[Byte](1024)
    new SecureRandom().nextBytes(key)
    Files.write(munge.resolve("munge.key"), key)
    Files.setPosixFilePermissions(munge.resolve("munge.key"), PosixFilePermissions.fromString("r--------"))
    assert(s"chown -R munge:munge $munge".! == 0)
    val socket = munge.resolve("munge.socket")
    daemons :+= start("munged", "runuser", "-u", "munge", "--", "/usr/sbin/munged", "-F", "-S", socket.toString,
      s"--key-file=$munge/munge.key", s"--log-file=$munge/munge.log", s"--pid-file=$munge/munge.pid",
      s"--seed-file=$munge/munge.seed")
    eventually(assert(Files.exists(socket)))
    val host = InetAddress.getLocalHost.getHostName.takeWhile(_ != '.')
    val ports = freePorts(3)
    Files.writeString(configuration, configurationOf(root, host, socket, ports))
    Files.writeString(
      root.resolve("gres.conf"),
      "NodeName=n1,n2 Name=gpu File=/dev/tty[0-1]\nNodeName=n1,n2 Name=npu Count=8\n")
    Seq("state", "spooln1", "spooln2").foreach(name => Files.createDirectories(root.resolve(name)))
    daemons :+= start("slurmctld", "/usr/sbin/slurmctld", "-D", "-f", configuration.toString)
    eventually(assert(Process(Seq("scontrol", "ping"), None, environment.toSeq: _*).!(quiet) == 0))
    Seq("n1", "n2").foreach(startDaemon)
  }

  private def start(name: String, words: String*): java.lang.Process = {
    val builder = new java.lang.ProcessBuilder(words: _*)
    environment.foreach { case (variable, value) => builder.environment.put(variable, value) }
    builder.redirectErrorStream(true).redirectOutput(root.resolve(s"$name.log").toFile).start()
  }
}

object SlurmCluster {
  private val quiet = ProcessLogger(_ => (), _ => ())
  private val needed = Seq("/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/sbin/munged")

  /** Why there can be none here; empty if there can. */
  def problem: Option[String] =
    needed.find(program => !Files.isExecutable(Path.of(program))).map(_ + " is missing (Debian: slurmctld, slurmd)")
      .orElse(Option.when(System.getProperty("user.name") != "root")("the daemons of Slurm are started as root"))

  def start(): SlurmCluster = {
    val cluster = new SlurmCluster(Files.createTempDirectory(Path.of("/tmp"), "slurm").toRealPath())
    try cluster.start()
    catch { case failure: Throwable => cluster.stop(); throw failure }
    cluster
  }

  /** Below the range of outgoing connections. */
  private def freePorts(count: Int): Seq[Int] =
    Random.shuffle((20000 to 32767).toList).iterator
      .filter(port => Using(new ServerSocket(port))(_.isBound).getOrElse(false)).take(count).toSeq

  private def configurationOf(root: Path, host: String, munge: Path, ports: Seq[Int]): String =
    s"""ClusterName=millrace
       |SlurmctldHost=$host(127.0.0.1)
       |SlurmUser=root
       |SlurmdUser=root
       |AuthType=auth/munge
       |AuthInfo=socket=$munge
       |SlurmctldPort=${ports(0)}
       |StateSaveLocation=$root/state
       |SlurmdSpoolDir=$root/spool%n
       |SlurmctldPidFile=$root/slurmctld.pid
       |SlurmdPidFile=$root/slurmd-%n.pid
       |SlurmctldLogFile=$root/slurmctld-own.log
       |SlurmdLogFile=$root/slurmd-%n-own.log
       |ProctrackType=proctrack/linuxproc
       |TaskPlugin=task/none
       |SwitchType=switch/none
       |MpiDefault=none
       |ReturnToService=2
       |SchedulerType=sched/backfill
       |SchedulerParameters=sched_min_interval=100000,batch_sched_delay=0
       |SelectType=select/cons_tres
       |SelectTypeParameters=CR_Core
       |SlurmctldTimeout=30
       |SlurmdTimeout=5
       |SlurmdParameters=config_overrides
       |JobAcctGatherType=jobacct_gather/none
       |AccountingStorageType=accounting_storage/none
       |GresTypes=gpu,npu
       |KillWait=3
       |NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=${ports(1)} CPUs=2 Gres=gpu:2,npu:8 RealMemory=4000
       |NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.2 Port=${ports(2)} CPUs=2 Gres=gpu:2,npu:8 RealMemory=4000
       |PartitionName=p Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
       |""".stripMargin
}
