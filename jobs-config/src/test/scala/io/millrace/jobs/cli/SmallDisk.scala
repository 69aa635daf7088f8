package io.millrace.jobs.cli

import java.nio.file.{Files, Path}

import scala.sys.process._

/** A file system of few megabytes in memory, which can be filled up and made read-only. */
final class SmallDisk private (val directory: Path) extends AutoCloseable {
  private val ballast = directory.resolve("ballast")

  /** Leaves so many bytes free. */
  def fillUpTo(leftBytes: Long): Unit = {
    val free = Files.getFileStore(directory).getUsableSpace
    Files.write(ballast, new Array[Byte](math.max(0, free - leftBytes).toInt))
    ()
  }

  def free(): Unit = Files.delete(ballast)

  def makeReadOnly(): Unit = remount("ro")

  def makeWritable(): Unit = remount("rw")

  override def close(): Unit = {
    Seq("umount", "-l", directory.toString).!
    ()
  }

  private def remount(option: String): Unit =
    assert(Seq("mount", "-o", s"remount,$option", directory.toString).! == 0)
}

object SmallDisk {

  /** A fresh one; the reason, where this process may not mount any. */
  def mounted(bytes: Long): Either[String, SmallDisk] = {
    val directory = Files.createTempDirectory("millrace-disk-")
    val said = new StringBuilder
    val logger = ProcessLogger(line => said.append(line))
    val command = Seq("mount", "-t", "tmpfs", "-o", s"size=$bytes", "none", directory.toString)
    val code = try command.!(logger) catch { case e: java.io.IOException => said.append(e.getMessage); 1 }
    if (code == 0) Right(new SmallDisk(directory))
    else Left(s"no file system can be mounted here: $said")
  }
}
