package io.millrace.training.spark

import java.net.{InetSocketAddress, Socket}
import java.nio.file.attribute.PosixFilePermissions
import java.nio.file.{Files, Path}
import java.util.concurrent.TimeUnit

import scala.jdk.CollectionConverters._

import org.apache.spark.SPARK_VERSION
import org.apache.spark.launcher.JavaModuleOptions

import io.millrace.training.FileTree

/**
 * Spark's own standalone master and two workers, processes of this machine with addresses of their
 * own: 127.0.0.1 and 127.0.0.2. Each worker says that it has two `npu` and a `gpu`, by a discovery
 * script.
 */
final class StandaloneCluster private (val home: Path, directory: Path, ports: Seq[Int]) extends AutoCloseable {
  import StandaloneCluster._

  private val masterPort = ports.head
  val master: String = s"spark://127.0.0.1:$masterPort"

  private val masterProcess =
    start("master", s"org.apache.spark.deploy.master.Master --host 127.0.0.1 --port $masterPort --webui-port ${ports(1)}")
  private val workers = Hosts.zipWithIndex.map { case (host, i) =>
    val devices = Seq("npu" -> Seq(s"$i-davinci0", s"$i-davinci1"), "gpu" -> Seq(s"$i-GPU")).flatMap {
      case (name, addresses) =>
        Seq(
          s"-Dspark.worker.resource.$name.amount=${addresses.size}",
          s"-Dspark.worker.resource.$name.discoveryScript=${discovery(i, name, addresses)}")
    }
    start(
      s"worker-$i",
      s"org.apache.spark.deploy.worker.Worker --host $host --port ${ports(2 + 2 * i)} --webui-port ${ports(3 + 2 * i)} " +
        s"--cores 6 --memory 4g --work-dir ${directory.resolve(s"work-$i")} $master",
      devices
    )
  }
  private val hook = sys.addShutdownHook(end())

  /** The process of the executor on a host, of the application with that id. */
  def executor(host: String, application: String): ProcessHandle =
    ProcessHandle.allProcesses.iterator.asScala
      .find { process =>
        val command = commandOf(process)
        command.contains("CoarseGrainedExecutorBackend") && command.contains(application) &&
        command.contains(s"--hostname\u0000$host\u0000")
      }
      .getOrElse(throw new AssertionError(s"no executor of $application on $host"))

  override def close(): Unit = {
    hook.remove()
    end()
    FileTree.delete(directory)
  }

  private def end(): Unit = {
    val all = workers :+ masterProcess
    all.foreach(_.destroy())
    all.filterNot(_.waitFor(10, TimeUnit.SECONDS)).foreach(_.destroyForcibly())
  }

  private def discovery(worker: Int, name: String, addresses: Seq[String]): Path = {
    val json = s"""{"name": "$name", "addresses": [${addresses.map("\"" + _ + "\"").mkString(", ")}]}"""
    val script = Files.writeString(directory.resolve(s"$name-$worker.sh"), s"#!/bin/sh\necho '$json'\n")
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"))
  }

  private def start(name: String, what: String, options: Seq[String] = Nil): Process = {
    val command = Seq(Java, "-cp", s"$home/jars/*") ++ LeanJvm ++ Seq("-Xmx256m", "-Dspark.master.rest.enabled=false") ++ options ++ what.split(" ")
    val builder = new ProcessBuilder(command.asJava)
      .directory(directory.toFile)
      .redirectErrorStream(true)
      .redirectOutput(directory.resolve(s"$name.log").toFile)
    builder.environment.put("SPARK_HOME", home.toString)
    builder.environment.put("SPARK_SCALA_VERSION", "2.13") // as its start scripts do
    builder.start()
  }
}

object StandaloneCluster {
  val Hosts: Seq[String] = Seq("127.0.0.1", "127.0.0.2")

  private val Java = Path.of(System.getProperty("java.home"), "bin", "java").toString

  /** What a JVM with Spark in it needs, and what makes it start soon. */
  val LeanJvm: Seq[String] =
    JavaModuleOptions.defaultModuleOptionArray.toSeq ++ Seq("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")

  /** Starts one; it may still be coming up. */
  def start(home: Path): StandaloneCluster =
    new StandaloneCluster(home, Files.createTempDirectory("spark-").toRealPath(), freePorts(6))

  /** A distribution of Spark of our version, or why there is none. */
  lazy val distribution: Either[String, Path] = {
    val candidates = sys.env.get("SPARK_HOME").filter(_.nonEmpty).map(Path.of(_)).toSeq ++
      (sys.env.get("MILLRACE_TRAINING_PYTHON").filter(_.nonEmpty).toSeq :+ "python3").flatMap(pyspark)
    candidates
      .find(home => Files.exists(home.resolve(s"jars/spark-core_2.13-$SPARK_VERSION.jar")))
      .toRight(
        s"none of SPARK_HOME, the Python that MILLRACE_TRAINING_PYTHON names and python3 has Spark $SPARK_VERSION; " +
          s"get it with: pip install pyspark==$SPARK_VERSION")
  }

  private def pyspark(python: String): Option[Path] = {
    val process = new ProcessBuilder(python, "-c", "import pyspark; print(pyspark.__path__[0])")
      .redirectError(ProcessBuilder.Redirect.DISCARD)
      .start()
    val path = new String(process.getInputStream.readAllBytes()).trim
    Option.when(process.waitFor() == 0)(Path.of(path))
  }

  private def commandOf(process: ProcessHandle): String =
    try Files.readString(Path.of(s"/proc/${process.pid}/cmdline"), java.nio.charset.StandardCharsets.ISO_8859_1)
    catch { case _: java.io.IOException => "" }

  /** Below those that the system gives to clients. */
  private def freePorts(count: Int): Seq[Int] =
    Iterator
      .continually(20000 + scala.util.Random.nextInt(12768))
      .filterNot(isTaken)
      .distinct
      .take(count)
      .toSeq

  private def isTaken(port: Int): Boolean = {
    val socket = new Socket()
    try {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1000)
      true
    } catch { case _: java.io.IOException => false }
    finally socket.close()
  }
}
