package io.millrace.jobs.cli

import java.nio.file.Files

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

import io.millrace.dataset.storage.S3Server

/** Object stores from the command line, with a real S3 server where one is asked. */
class StorageOptionsSuite extends AnyFunSuite {
  private def withKeys(run: => CommandLineRun): CommandLineRun = {
    val keys = Map("aws.accessKeyId" -> S3Server.AccessKey, "aws.secretAccessKey" -> S3Server.SecretKey)
    keys.foreach { case (name, value) => System.setProperty(name, value) }
    try run finally keys.keys.foreach(System.clearProperty)
  }

  test("ING-1 --s3-endpoint and --obs-endpoint - datasets on both - are made and listed") {
    val bucket = S3Server.freshBucket()
    forAll(Table(("address", "option"),
      (s"s3://$bucket/s3", "--s3-endpoint"), (s"obs://$bucket/obs", "--obs-endpoint"))) { (root, option) =>
      val storage = Seq("--datasets", root, option, S3Server.endpoint)
      val created = withKeys(CommandLineRun.of(
        Seq("dataset", "create", "pets", "--type", "none") ++ storage: _*))
      assert(created.exitCode == ExitCode.DONE, created.err)
      val listed = withKeys(CommandLineRun.of(Seq("dataset", "list") ++ storage: _*))
      assert(listed.out.contains("pets"), listed.err)
    }
    assert(Files.isDirectory(S3Server.data.resolve(bucket).resolve("s3")))
    assert(Files.isDirectory(S3Server.data.resolve(bucket).resolve("obs")))
    assert(System.getProperty("spark.hadoop.fs.s3a.endpoint") == null, "it is the command's alone")
  }

  test("ING-1 storage options - wrong, or with a secret - are refused in one sentence without it") {
    val cases = Table(("arguments", "said"),
      (Seq("--s3-endpoint", "ftp://h"), "Invalid endpoint: 'ftp://h' (expected https://HOST"),
      (Seq("--s3-endpoint", "http://KEY:hidden@h"), "it holds a user or a password"),
      (Seq("--s3-region", "eu west"), "Invalid region: 'eu west'"),
      (Seq("--storage", "fs.s3a.secret.key=hidden"), "'fs.s3a.secret.key' is a secret"),
      (Seq("--storage", "spark.master=local"), "expected a setting of Hadoop's file systems"),
      (Seq("--datasets", "s3a://KEY:hidden@bucket/x"), "a user or a key stands before the bucket's name"))
    forAll(cases) { (arguments, said) =>
      val run = CommandLineRun.of(Seq("dataset", "list") ++ arguments: _*)
      assert(run.exitCode == ExitCode.USAGE)
      assert(run.err.contains(said), run.err)
      assert(!run.err.contains("hidden"), run.err)
    }
  }

  test("ING-1 object stores that refuse - end the command with one sentence") {
    val bucket = S3Server.freshBucket()
    val cases = Table(("arguments", "said"),
      (Seq("--datasets", "s3://no-such-bucket-here/d", "--s3-endpoint", S3Server.endpoint), "there is no such bucket"),
      (Seq("--datasets", s"s3://$bucket/d", "--s3-endpoint", "http://127.0.0.1:1", "--storage",
        "fs.s3a.retry.interval=10ms"), "nothing answers there"),
      (Seq("--datasets", s"obs://$bucket/d"), "the endpoint of OBS is not set"))
    forAll(cases) { (arguments, said) =>
      val run = withKeys(CommandLineRun.of(
        Seq("dataset", "create", "pets", "--type", "none") ++ arguments: _*))
      assert(run.exitCode == ExitCode.FAILED)
      assert(run.err.startsWith("millrace: ") && run.err.contains(said), run.err)
      assert(run.err.strip.linesIterator.size == 1, run.err)
    }
  }
}
