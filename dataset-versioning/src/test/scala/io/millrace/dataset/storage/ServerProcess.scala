package io.millrace.dataset.storage

import java.io.File
import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._

/**
 * A server of the suites in a Java process of its own, with a class path of its own; it ends with
 * this process.
 */
final class ServerProcess(classPath: Seq[String], mainClass: String, arguments: Seq[String]) {
  val directory: Path = Files.createTempDirectory("server-")
  private val log = directory.resolve("server.log")

  private val process: Process = {
    val runtime = Path.of(sys.props("java.home"), "bin", "java").toString
    val flags = Seq("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
      s"-Djava.io.tmpdir=$directory", s"-Dtest.build.data=$directory")
    new ProcessBuilder(
      (runtime +: flags ++: Seq("-cp", classPath.mkString(File.pathSeparator), mainClass) ++:
        arguments).asJava)
      .directory(directory.toFile)
      .redirectErrorStream(true)
      .redirectOutput(log.toFile)
      .start()
  }
  Runtime.getRuntime.addShutdownHook(new Thread(() => { process.destroyForcibly(); () }))

  def output: String = Files.readString(log)

  /** Waits until the server has said or done something; fails if it ends before. */
  def await[T](what: String)(found: => Option[T]): T = {
    val deadline = System.nanoTime + 60L * 1000 * 1000 * 1000
    Iterator.continually {
      val result = found
      if (result.isEmpty) {
        if (!process.isAlive || System.nanoTime > deadline) {
          throw new IllegalStateException(s"the server does not start ($what):\n$output")
        }
        process.waitFor(20, java.util.concurrent.TimeUnit.MILLISECONDS)
      }
      result
    }.collectFirst { case Some(value) => value }.get
  }

  def stop(): Unit = {
    process.destroyForcibly()
    process.waitFor()
    ()
  }
}

object ServerProcess {

  /** The jars of a server that the build of dataset-versioning laid aside. */
  def jars(server: String): Seq[String] = {
    val below = Path.of("dataset-versioning", "target", server)
    val directory = Iterator.iterate(Path.of(sys.props("user.dir")).toAbsolutePath)(_.getParent)
      .takeWhile(_ != null).map(_.resolve(below)).find(Files.isDirectory(_))
      .getOrElse(throw new IllegalStateException(
        s"Cannot find $below: build dataset-versioning first, without -DskipTests"))
    Files.list(directory).iterator.asScala.map(_.toString).toSeq.sorted
  }
}
