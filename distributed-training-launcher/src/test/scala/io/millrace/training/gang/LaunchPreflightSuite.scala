package io.millrace.training.gang

import java.nio.file.{Files, Path}
import java.time.Clock
import java.util.Optional

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.StorageUri
import io.millrace.training._
import io.millrace.training.local.LocalLauncher

class LaunchPreflightSuite extends AnyFunSuite with TrainingFixture {

  test("TRN-1 preflight - sound job - finds nothing") {
    script("")
    Files.createDirectories(data)
    assert(problems(job().input(input(data))) === Seq())
  }

  test("TRN-1 preflight - missing code directory - is told") {
    assert(
      problems(job()) === Seq(
        s"Code-dir $code does not exist. Give the directory that holds the boot file."
      )
    )
  }

  test("TRN-1 preflight - all problems - are reported together and nothing is registered") {
    write(code.resolve("other.py"), "")
    val bad = job().input(input(directory.resolve("absent"))).build()
    val failure = intercept[TrainingException](
      new LocalLauncher(settings, TrainingFixture.python, Clock.systemUTC()).launch(TrainingRun.of(bad))
    )
    assert(
      failure.problems.asScala === Seq(
        s"Boot-file train.py does not exist in code-dir $code. Give the path of the script below code-dir.",
        s"Input data_url (${directory.resolve("absent")}) does not exist. Give an existing directory or a dataset version."
      )
    )
    assert(!Files.exists(runsRoot))
  }

  test("TRN-1 preflight - output inside code or input, also through a link - is refused") {
    script("")
    Files.createDirectories(data)
    val link = Files.createSymbolicLink(directory.resolve("link"), data)
    def of(output: Path) = problems(
      TrainingJob
        .builder("cells", code, "train.py")
        .input(input(data))
        .output(TrainingOutput.of("train_url", StorageUri.of(output)))
    )
    val inCode = code.resolve("out")
    assert(of(inCode) === Seq(s"Output train_url ($inCode) lies inside code-dir $code. Give a directory elsewhere."))
    val inInput = link.resolve("out")
    assert(of(inInput) === Seq(s"Output train_url ($inInput) lies inside input data_url ($data). Give a directory elsewhere."))
    assert(of(code.resolve("train.py/x")).exists(_.contains("train.py is a file")))
  }

  test("TRN-1 preflight - addresses that are not local - are refused where no storage is known") {
    script("")
    val found = problems(
      TrainingJob
        .builder("cells", code, "train.py")
        .input(TrainingInput.of("data_url", StorageUri.parse("s3://b/d")))
        .output(TrainingOutput.of("train_url", StorageUri.parse("s3://b/o")))
    )
    assert(
      found === Seq(
        "Input data_url (s3://b/d) cannot be read: Cannot use s3://b/d here: it is no local path.",
        "Output train_url (s3://b/o) cannot be written: Cannot use s3://b/o here: it is no local path."
      )
    )
  }

  test("TRN-1 preflight - more processes than a machine takes - are refused") {
    script("")
    val many = job(nodes = 3).devicesPerNode(64).layout(ProcessLayout.PROCESS_PER_DEVICE)
    assert(refusals(many) === Seq(
      "3 nodes and 64 devices each are 192 processes, and the local back end starts at most 128. Give fewer nodes or devices."))
  }

  test("TRN-1 preflight - runs below the code directory - are refused") {
    script("")
    assert(
      LaunchPreflight.problems(job().build(), LaunchSettings.of(code.resolve("runs"))).asScala.head ===
        s"The runs directory ${code.resolve("runs")} lies inside code-dir $code and would be copied with it. Give another one of the two."
    )
  }

  test("TRN-1 code directory - 1000 files and 32 levels - is the most that is taken") {
    script("")
    (1 to 999).foreach(i => write(code.resolve(s"d/$i.txt"), ""))
    write(code.resolve(".git/config"), "")
    write(code.resolve("d/__pycache__/x.pyc"), "")
    assert(surveyed(code) === Seq())
    assert(CodeDirectory.read(code).files.size === 1000)
    write(code.resolve("one more"), "")
    assert(
      surveyed(code) ===
        Seq(s"Code-dir $code holds more than 1000 files. Keep data and results elsewhere, only code in it.")
    )
    val deep = directory.resolve("deep")
    write((1 to 32).foldLeft(deep)((path, i) => path.resolve(s"$i")).resolve("f"), "")
    assert(surveyed(deep) === Seq())
    write((1 to 33).foldLeft(deep)((path, i) => path.resolve(s"$i")).resolve("f"), "")
    assert(surveyed(deep).head.contains("is more than 32 directories deep"))
  }

  test("TRN-1 code directory - more than 5 GB or a link to itself - is refused") {
    script("")
    val file = new java.io.RandomAccessFile(code.resolve("big").toFile, "rw")
    try file.setLength((5L << 30) + 1)
    finally file.close()
    assert(surveyed(code).head.contains("holds more than 5 GB"))
    Files.delete(code.resolve("big"))
    val link = Files.createSymbolicLink(code.resolve("self"), code)
    assert(surveyed(code) === Seq(s"Code-dir $code contains itself through the link $link. Remove the link."))
  }

  test("TRN-1 preflight - what one machine cannot do - is told") {
    script("")
    val mindSpore = job().framework(Framework.MINDSPORE)
    assert(refusals(mindSpore.layout(ProcessLayout.MSRUN)) === Seq(
      "2 nodes with msrun on one machine would each start MindSpore's scheduler, as they have the same address. " +
        "Give one node with more devices, or use dynamic-cluster."))
    val onNpu = job().framework(Framework.MINDSPORE).deviceType(DeviceType.NPU).logLocation(StorageUri.of(directory))
    assert(refusals(onNpu.layout(ProcessLayout.RANK_TABLE)) === Seq(
      "2 nodes with a rank table would share this machine's devices, and a device has one rank. Give one node with more devices."))
    assert(refusals(job().localCodeDirectory("/home/ma-user/../x")) === Seq(
      "Local-code-dir /home/ma-user/../x lies outside of a node's home, and nodes of one machine would share it. " +
        "Give a path below /home/ma-user."))
    assert(refusals(job(nodes = 3).devicesPerNode(50).layout(ProcessLayout.TORCHRUN)) === Seq(
      "3 nodes and 50 devices each are 150 processes, and the local back end starts at most 128. Give fewer nodes or devices."))
  }

  private def surveyed(code: Path): Seq[String] = CodeDirectory.survey(code, Optional.empty()).problems.asScala.toSeq

  /** Of a launcher on this machine. */
  private def refusals(builder: TrainingJob.Builder): Seq[String] =
    intercept[TrainingException] {
      new LocalLauncher(settings, TrainingFixture.python, Clock.systemUTC()).launch(TrainingRun.of(builder.build()))
    }.problems.asScala.toSeq

  private def data: Path = directory.resolve("data")

  private def input(path: Path): TrainingInput = TrainingInput.of("data_url", StorageUri.parse(path.toString))

  private def problems(builder: TrainingJob.Builder): Seq[String] =
    LaunchPreflight.problems(builder.build(), settings).asScala.toSeq
}
