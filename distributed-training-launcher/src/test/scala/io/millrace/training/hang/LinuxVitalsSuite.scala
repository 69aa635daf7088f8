package io.millrace.training.hang

import java.nio.file.{Files, Path}
import java.time.Duration
import java.util.{List => JList}

import scala.jdk.OptionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.TrainingFixture
import io.millrace.training.hang.Vitals.Posture

class LinuxVitalsSuite extends AnyFunSuite with TrainingFixture {

  test("TRN-8 processes of a rank - with odd names - are added up, those that ended left out") {
    process(10, "(python) 3) S", user = 150, system = 50, io = (1000, 200, 30, 4))
    process(11, "(a b) R", user = 1, system = 0, io = (1, 1, 1, 1))
    process(12, "(dead) Z", user = 500, system = 0, io = (9, 9, 9, 9))
    val vitals = new LinuxVitals(directory).of(JList.of(10L, 11L, 12L, 13L)).toScala
    assert(vitals === Some(Vitals.ofProcesses(1238, Duration.ofMillis(2010), Duration.ofMillis(1510), Posture.FREE)))
    assert(new LinuxVitals(directory).of(JList.of(12L, 13L)).isEmpty)
  }

  test("TRN-8 a rank of which one process is stopped - is stopped; one that is traced is not") {
    process(10, "(sh) S", user = 0, system = 0, io = (0, 0, 0, 0))
    process(11, "(python) T", user = 0, system = 0, io = (0, 0, 0, 0))
    process(12, "(python) t", user = 0, system = 0, io = (0, 0, 0, 0))
    val linux = new LinuxVitals(directory)
    assert(linux.of(JList.of(10L, 11L)).get.posture === Posture.STOPPED)
    assert(linux.of(JList.of(10L, 12L)).get.posture === Posture.FREE)
  }

  test("TRN-8 a process that hides its I/O - counts with its CPU time") {
    process(10, "(su) S", user = 3, system = 4, io = (1, 2, 3, 4))
    Files.delete(directory.resolve("10/io"))
    assert(new LinuxVitals(directory).of(JList.of(10L)).toScala ===
      Some(Vitals.ofProcesses(0, Duration.ofMillis(70), Duration.ofMillis(30), Posture.FREE)))
  }

  test("TRN-8 a machine without /proc - has a problem, this one has none") {
    assert(new LinuxVitals(directory).problem.get === s"$directory/self/io cannot be read")
    if (!Files.exists(Path.of("/proc/self/io"))) cancel("this machine has no /proc/self/io")
    assert(LinuxVitals.ofThisMachine().problem.isEmpty)
    val own = LinuxVitals.ofThisMachine().of(JList.of(ProcessHandle.current.pid)).get
    assert(own.io > 0 && own.cpu.compareTo(own.mainThreads) > 0 && own.posture === Posture.FREE)
  }

  private def process(pid: Int, stat: String, user: Int, system: Int, io: (Int, Int, Int, Int)): Unit = {
    write(directory.resolve(s"$pid/stat"), s"$pid $stat 1 1 1 0 -1 4194304 9 9 9 9 $user $system 7 7 20 0\n")
    write(
      directory.resolve(s"$pid/task/$pid/stat"),
      s"$pid $stat 1 1 1 0 -1 4194304 9 9 9 9 $user 0 7 7 20 0\n")
    write(
      directory.resolve(s"$pid/io"),
      s"rchar: ${io._1}\nwchar: ${io._2}\nsyscr: ${io._3}\nsyscw: ${io._4}\nread_bytes: 99\n")
  }
}
