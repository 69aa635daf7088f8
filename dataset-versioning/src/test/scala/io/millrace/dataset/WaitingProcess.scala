package io.millrace.dataset

import java.io.{BufferedReader, File, InputStreamReader}
import java.lang.management.ManagementFactory
import java.nio.charset.StandardCharsets
import java.nio.file.{Files, Path}
import java.util.concurrent.TimeUnit
import java.util.jar.JarOutputStream
import java.util.zip.ZipEntry

import scala.jdk.CollectionConverters._
import scala.util.Using

/**
 * A process of this suite's class path, made to be killed. Its program prints words when it has come
 * so far, and may wait for lines.
 *
 * @param archiveFlag makes or uses an archive of loaded classes (AppCDS), with which a process starts
 *   in a fraction of the time
 */
class WaitingProcess(mainClass: String, archiveFlag: String, arguments: String*) {
  private val process = {
    val flags = ManagementFactory.getRuntimeMXBean.getInputArguments.asScala
      .filter(flag => flag.startsWith("--add") || flag.startsWith("-Djava.io.tmpdir"))
    val command = Seq(
      ProcessHandle.current().info().command().orElse("java"),
      "-Xmx512m",
      "-XX:TieredStopAtLevel=1",
      "-XX:+UseSerialGC",
      "-XX:+IgnoreUnrecognizedVMOptions",
      "-Xlog:disable",
      archiveFlag
    ) ++ flags ++ Seq("-cp", WaitingProcess.classPath, mainClass) ++ arguments
    new ProcessBuilder(command.asJava)
      .redirectError(ProcessBuilder.Redirect.INHERIT)
      .start()
  }
  private val output =
    new BufferedReader(new InputStreamReader(process.getInputStream, StandardCharsets.UTF_8))

  def await(word: String): Unit =
    assert(Iterator.continually(output.readLine()).takeWhile(_ != null).contains(word))

  /** Lets it go on, with a line that it waits for. */
  def go(line: String = ""): Unit = {
    process.getOutputStream.write((line + "\n").getBytes(StandardCharsets.UTF_8))
    process.getOutputStream.flush()
  }

  def awaitEnd(): Int = process.waitFor()

  /** Kills it so long after it reached a stage, unless it ended before. */
  def killAfter(reached: () => Boolean, nanos: Long): Unit = {
    while (!reached() && !process.waitFor(1, TimeUnit.MILLISECONDS)) {}
    process.waitFor(nanos, TimeUnit.NANOSECONDS)
    process.destroyForcibly().waitFor()
  }
}

object WaitingProcess {

  /** Jars only: a class archive is not made for a class path with directories. */
  private lazy val classPath: String = {
    val entries = System.getProperty("java.class.path").split(File.pathSeparator).map(Path.of(_))
    val jars = entries.map(entry => if (Files.isDirectory(entry)) jarOf(entry) else entry)
    jars.mkString(File.pathSeparator)
  }

  private def jarOf(classes: Path): Path = {
    val jar = Files.createTempFile("classes", ".jar")
    Using.resource(new JarOutputStream(Files.newOutputStream(jar))) { out =>
      Files.walk(classes).iterator().asScala.filter(Files.isRegularFile(_)).foreach { file =>
        out.putNextEntry(new ZipEntry(classes.relativize(file).toString))
        Files.copy(file, out)
      }
    }
    jar
  }
}
