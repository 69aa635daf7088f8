package io.millrace.dataset.delta

import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.{FileAlreadyExistsException, Files, Path => LocalPath}
import java.util.concurrent.atomic.AtomicInteger

import scala.jdk.CollectionConverters._
import scala.util.Using

import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.Path
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.DatasetException
import io.millrace.dataset.Threads.inParallel
import io.millrace.dataset.storage.{MeddlingProxy, S3Server}
import io.millrace.dataset.storage.MeddlingProxy._

/** Commits to a real S3 server, some through a proxy that does what stores and networks may do. */
class ConditionalPutLogStoreSuite extends AnyFunSuite {
  private val signed = {
    val configuration = S3Server.settings.and(S3Server.obsSettings.properties).toConfiguration
    new Configuration(configuration)
  }

  test("VER-8 commit - one that exists, in S3 and OBS - is refused and the first one stays") {
    Seq("s3a", "obs").foreach { scheme =>
      val bucket = S3Server.freshBucket()
      val commit = commitIn(bucket, scheme)
      write(signed, commit, "first")
      val lost = intercept[FileAlreadyExistsException](write(signed, commit, "second"))
      assert(lost.getMessage.contains("00000000000000000000.json"))
      assert(read(bucket) == "first\n")
    }
  }

  test("VER-8 commit - sixteen writers of one commit at once - one wins, the others are told") {
    val bucket = S3Server.freshBucket()
    val outcomes = inParallel((1 to 16).map(i => s"writer $i")) { writer =>
      write(signed, commitIn(bucket), writer)
      writer
    }
    val winners = outcomes.collect { case Right(writer) => writer }
    assert(winners.size == 1 && read(bucket) == winners.head + "\n")
    assert(outcomes.flatMap(_.left.toOption).forall(_.isInstanceOf[FileAlreadyExistsException]))
  }

  test("VER-8 commit - larger than one upload may be - is refused as well where it exists") {
    val bucket = S3Server.freshBucket()
    val parts = new Configuration(signed)
    parts.set("fs.s3a.multipart.size", "5M")
    parts.setBoolean("fs.s3a.impl.disable.cache", true)
    val lines = Seq.fill(7)("x" * (1 << 20))
    write(parts, commitIn(bucket), lines: _*)
    intercept[FileAlreadyExistsException](write(parts, commitIn(bucket), lines :+ "more": _*))
    assert(Files.size(stored(bucket)) == 7 * ((1 << 20) + 1))
  }

  test("VER-8 commit - its making fails half way - nothing is seen of it") {
    val bucket = S3Server.freshBucket()
    val actions = Iterator("one", "two").map(line => if (line == "two") sys.error("broken") else line)
    intercept[RuntimeException](
      new ConditionalPutLogStore(signed).write(commitIn(bucket), actions.asJava, false, signed))
    assert(!Files.exists(stored(bucket)))
  }

  test("VER-8 commit - the answer to it is lost - is found to be made, and not made twice") {
    throughProxy { (proxy, configuration) =>
      val bucket = S3Server.freshBucket()
      val commit = commitIn(bucket)
      write(configuration, commitIn(bucket, version = 1), "probes the store")
      val dropped = new AtomicInteger
      proxy.meddle { request =>
        if (isCommit(request) && dropped.getAndIncrement() == 0) DropAnswer else PassOn
      }
      write(configuration, commit, "mine")
      assert(dropped.get >= 2 && read(bucket) == "mine\n")
    }
  }

  test("VER-8 commit - lost answer, and another writer's commit is there - is refused") {
    throughProxy { (proxy, configuration) =>
      val bucket = S3Server.freshBucket()
      write(configuration, commitIn(bucket), "theirs")
      proxy.meddle(request => if (isCommit(request)) Hang else PassOn)
      intercept[FileAlreadyExistsException](write(configuration, commitIn(bucket), "mine"))
      assert(read(bucket) == "theirs\n")
    }
  }

  test("VER-8 commit - no request arrives - fails in one sentence and leaves nothing") {
    throughProxy { (proxy, configuration) =>
      val bucket = S3Server.freshBucket()
      write(configuration, commitIn(bucket, version = 1), "probes the store")
      proxy.meddle(request => if (isCommit(request)) Hang else PassOn)
      val e = intercept[DatasetException](write(configuration, commitIn(bucket), "mine"))
      assert(e.getMessage.startsWith(s"Cannot write to s3a://$bucket/t/_delta_log/0"))
      assert(!Files.exists(stored(bucket)))
    }
  }

  test("VER-8 commit - neither it nor what came of it is answered - says that it is unknown") {
    throughProxy { (proxy, configuration) =>
      val bucket = S3Server.freshBucket()
      write(configuration, commitIn(bucket, version = 1), "probes the store")
      proxy.meddle(request => if (request.path.contains("0.json")) Hang else PassOn)
      val e = intercept[DatasetException](write(configuration, commitIn(bucket), "mine"))
      assert(e.getMessage.startsWith("Cannot tell whether s3a://"))
      assert(e.getMessage.contains("repeat the command if what it does is missing"))
    }
  }

  test("VER-8 commit - S3 answers 409 ConditionalRequestConflict - is tried again") {
    throughProxy { (proxy, configuration) =>
      val bucket = S3Server.freshBucket()
      write(configuration, commitIn(bucket, version = 1), "probes the store")
      val conflicts = new AtomicInteger
      proxy.meddle { request =>
        if (isCommit(request) && conflicts.getAndIncrement() == 0) {
          Answer("409 Conflict", error("ConditionalRequestConflict"))
        } else PassOn
      }
      write(configuration, commitIn(bucket), "mine")
      assert(conflicts.get == 2 && read(bucket) == "mine\n")
    }
  }

  test("VER-8 first commit - a proxy that takes If-None-Match away - is refused with the reason") {
    throughProxy { (proxy, configuration) =>
      val bucket = S3Server.freshBucket()
      proxy.meddle(_ => Without("If-None-Match"))
      val e = intercept[DatasetException](write(configuration, commitIn(bucket), "mine"))
      assert(e.getMessage == s"Cannot commit to s3a://$bucket: the storage at ${proxy.endpoint} " +
        "ignores If-None-Match, so of two writers one would overwrite the commit of the other " +
        "unnoticed. Use a storage that heeds it, as Amazon S3 does, or a file system; only where " +
        "one process alone ever writes, set fs.s3a.millrace.single-writer=true.")
      assert(objects(bucket).isEmpty, "neither a commit nor the probe is left")
    }
  }

  test("VER-8 first commit - such a store, and one writer is promised - commits, each name once") {
    throughProxy { (proxy, configuration) =>
      val bucket = S3Server.freshBucket()
      configuration.set("fs.s3a.millrace.single-writer", "true")
      proxy.meddle(_ => Without("If-None-Match"))
      val outcomes = inParallel(1 to 8)(i => write(configuration, commitIn(bucket), s"$i"))
      assert(outcomes.count(_.isRight) == 1)
      assert(objects(bucket) == Seq("00000000000000000000.json"))
    }
  }

  test("VER-8 first commit - the probe is not permitted - says what could not be found out") {
    throughProxy { (proxy, configuration) =>
      val bucket = S3Server.freshBucket()
      proxy.meddle { request =>
        if (request.method == "PUT") Answer("403 Forbidden", error("AccessDenied")) else PassOn
      }
      val e = intercept[DatasetException](write(configuration, commitIn(bucket), "mine"))
      assert(e.getMessage.startsWith("Cannot find out whether commits are safe there by creating " +
        s"s3a://$bucket/t/_delta_log/.millrace-probe-"))
      assert(e.getMessage.endsWith("access was refused. Check the credentials, and what they are " +
        "permitted to do there."))
    }
  }

  test("VER-8 first commit - deleting is not permitted - commits and leaves an empty object") {
    throughProxy { (proxy, configuration) =>
      val bucket = S3Server.freshBucket()
      proxy.meddle { request =>
        if (request.method == "DELETE" || request.path.endsWith("?delete")) {
          Answer("403 Forbidden", error("AccessDenied"))
        } else PassOn
      }
      write(configuration, commitIn(bucket), "mine")
      assert(objects(bucket).map(_.take(16)) == Seq(".millrace-probe-", "0000000000000000"))
    }
  }

  test("VER-8 first commits - to one bucket of one endpoint - probe it once") {
    throughProxy { (proxy, configuration) =>
      val bucket = S3Server.freshBucket()
      val probes = new AtomicInteger
      proxy.meddle { request =>
        if (request.path.contains("millrace-probe") && request.method == "PUT") {
          probes.incrementAndGet()
        }
        PassOn
      }
      (0 to 3).foreach(version => write(configuration, commitIn(bucket, version = version), "x"))
      assert(probes.get == 2, "one that creates, one that has to be refused")
    }
  }

  test("VER-8 log file - that may be replaced - is replaced") {
    val bucket = S3Server.freshBucket()
    write(signed, commitIn(bucket), "first")
    new ConditionalPutLogStore(signed)
      .write(commitIn(bucket), Iterator("second").asJava, true, signed)
    assert(read(bucket) == "second\n")
  }

  /** A configuration of its own, since Hadoop keeps file systems by host, not by settings. */
  private def throughProxy(work: (MeddlingProxy, Configuration) => Unit): Unit =
    Using.resource(new MeddlingProxy(S3Server.unsignedEndpoint)) { proxy =>
      val configuration = new Configuration(signed)
      Map(
        "fs.s3a.endpoint" -> proxy.endpoint,
        "fs.s3a.impl.disable.cache" -> "true",
        "fs.s3a.attempts.maximum" -> "1",
        "fs.s3a.retry.limit" -> "1",
        "fs.s3a.retry.interval" -> "1ms").foreach { case (name, value) =>
        configuration.set(name, value)
      }
      work(proxy, configuration)
    }

  private def isCommit(request: Request) =
    request.method == "PUT" && request.path.contains("00000000000000000000.json")

  private def error(code: String) =
    s"<?xml version='1.0'?><Error><Code>$code</Code><Message>$code</Message></Error>"

  private def write(configuration: Configuration, commit: Path, lines: String*): Unit =
    new ConditionalPutLogStore(configuration)
      .write(commit, lines.iterator.asJava, false, configuration)

  private def commitIn(bucket: String, scheme: String = "s3a", version: Int = 0): Path =
    new Path(f"$scheme://$bucket/t/_delta_log/$version%020d.json")

  private def stored(bucket: String): LocalPath =
    S3Server.data.resolve(bucket).resolve("t/_delta_log/00000000000000000000.json")

  private def read(bucket: String): String = Files.readString(stored(bucket), UTF_8)

  private def objects(bucket: String): Seq[String] =
    Option(stored(bucket).getParent.toFile.list()).toSeq.flatten.sorted
}
