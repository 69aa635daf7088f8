package io.millrace.training.gang

import java.nio.file.Files

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.StorageUri
import io.millrace.dataset.storage.InMemoryStorage
import io.millrace.training._

class StoragePreflightSuite extends AnyFunSuite with TrainingFixture with InMemoryStorage {

  test("TRN-1 preflight - input and output on an object store - nothing is found and nothing is left") {
    put("s3://b/d/a.txt")
    assert(problems(downloaded("s3://b/d"), output("s3://b/o")) === Seq())
    assert(store.list(uri("s3://b/")).iterator.asScala.map(_.uri.toString).toSeq === Seq("s3://b/d/a.txt"))
  }

  test("TRN-1 preflight - input that is read where it is, missing or one object - is refused with the remedy") {
    put("s3://b/d/a.txt")
    assert(
      problems(_.input(TrainingInput.of("x", uri("s3://b/d")).withDelivery(InputDelivery.LINKED))) === Seq(
        "Input x (s3://b/d) is no directory of this machine, so scripts cannot read it where it is. Let it be downloaded to each node (delivery: downloaded in a job file, --download x)."
      )
    )
    assert(
      problems(downloaded("s3://b/none")) === Seq(
        "Input data_url (s3://b/none) does not exist. Give a directory that holds objects, or a dataset version."
      )
    )
    assert(
      problems(downloaded("s3://b/d/a.txt")) === Seq(
        "Input data_url (s3://b/d/a.txt) is a single object. Give the directory that holds it."
      )
    )
  }

  test("TRN-1 preflight - output inside an input, at an object or at a web server - is refused") {
    put("s3://b/d/a.txt")
    assert(
      problems(downloaded("s3://b/d"), output("s3a://b/d/out")) === Seq(
        "Output train_url (s3a://b/d/out) lies inside input data_url (s3://b/d). Give a directory elsewhere."
      )
    )
    assert(
      problems(output("https://host/x")) === Seq(
        "Output train_url (https://host/x) is no place that files can be written to. Give a directory or an object store."
      )
    )
  }

  test("TRN-1 preflight - log-url inside code, runs or a file - is refused") {
    val inCode = code.resolve("logs")
    assert(
      problems(_.logLocation(StorageUri.of(inCode))) ===
        Seq(s"Log-url ($inCode) lies inside code-dir $code. Give a directory elsewhere.")
    )
    assert(
      problems(_.logLocation(StorageUri.of(runsRoot))) === Seq(
        s"Log-url ($runsRoot) lies inside the runs directory $runsRoot, which has the logs anyway. Give a directory elsewhere."
      )
    )
    val file = write(directory.resolve("file"), "")
    assert(
      problems(_.logLocation(StorageUri.of(file.resolve("x")))) ===
        Seq(s"Log-url (${file.resolve("x")}) cannot be a directory: $file is a file. Give another path.")
    )
  }

  test("TRN-1 preflight - runs inside an input that is downloaded - are refused") {
    Files.createDirectories(directory.resolve("data"))
    val found = problems(
      _.input(
        TrainingInput.of("x", StorageUri.of(directory)).withDelivery(InputDelivery.DOWNLOADED)
      )
    )
    assert(
      found === Seq(
        s"The runs directory $runsRoot lies inside input x ($directory) and would be downloaded with it. Give another one of the two."
      )
    )
  }

  private type Part = TrainingJob.Builder => TrainingJob.Builder

  private def uri(text: String): StorageUri = StorageUri.parse(text)

  private def put(address: String): Unit = store.write(uri(address), out => out.write("x".getBytes))

  private def downloaded(address: String): Part =
    _.input(TrainingInput.of("data_url", uri(address)).withDelivery(InputDelivery.DOWNLOADED))

  private def output(address: String): Part = _.output(TrainingOutput.of("train_url", uri(address)))

  private def problems(parts: Part*): Seq[String] = {
    script("")
    val job = parts.foldLeft(TrainingJob.builder("cells", code, "train.py"))((builder, part) => part(builder))
    LaunchPreflight.problems(job.build(), settings.withStorage(store)).asScala.toSeq
  }
}
