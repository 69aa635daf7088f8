package io.millrace.training.gang

import java.io.{IOException, InputStream}
import java.nio.file.{Files, Path}
import java.time.{Clock, Duration}
import java.util.Optional
import java.util.concurrent.atomic.AtomicInteger
import java.util.stream.{IntStream, Stream}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

import io.millrace.dataset.StorageUri
import io.millrace.dataset.storage.{InMemoryObjectStore, InMemoryStorage, StoredObject}
import io.millrace.training._
import io.millrace.training.local.LocalLauncher
import io.millrace.training.watch.RunEvent.Type

class StoredCodeSuite extends AnyFunSuite with TrainingFixture with InMemoryStorage {
  private val address = "obs://bucket/mnist/code/"

  test("TRN-1 code on a store - up to ModelArts' limits - is taken; the first that is exceeded is told") {
    val GB = 1L << 30
    val deep = (1 to 32).mkString("/")
    val cases = Table(
      ("objects", "problem"),
      ((1 to 999).map(i => s"$i" -> 0L) :+ (".git/x" -> 9 * GB) :+ ("a/__pycache__/b/c" -> 9 * GB), ""),
      ((1 to 1000).map(i => s"$i" -> 0L), "holds more than 1000 files"),
      (Seq("big" -> 5 * GB), ""),
      (Seq("big" -> 5 * GB, "one" -> 1L), "holds more than 5 GB"),
      (Seq(s"$deep/f" -> 1L), ""),
      (Seq(s"$deep/33/f" -> 1L), "is more than 32 directories deep")
    )
    forAll(cases) { (objects, problem) =>
      listed(("main.py" -> 0L) +: objects)
      val expected =
        if (problem.isEmpty) Seq()
        else Seq(s"Code-dir $address $problem. Keep data and results elsewhere, only code in it.")
      assert(problems(jobOf("main.py"), copies = false) === expected)
    }
  }

  test("TRN-1 code on a store - with a million objects - is not looked at beyond the limits") {
    val seen = new AtomicInteger
    store = new InMemoryObjectStore {
      override def list(directory: StorageUri): Stream[StoredObject] =
        IntStream.rangeClosed(1, 1000000).mapToObj { i =>
          seen.incrementAndGet()
          stored(s"$i", 1)
        }
      override def find(uri: StorageUri): Optional[StoredObject] = Optional.of(new StoredObject(uri, 1, java.time.Instant.EPOCH))
    }
    assert(problems(jobOf("main.py")).map(_.contains("holds more than 1000 files")) === Seq(true))
    assert(seen.get === 1001)
  }

  test("TRN-1 code on a store - missing, one object, without the boot file, out of reach - is told in a sentence each") {
    put("main.py", "")
    put("sub/train.py", "")
    val cases = Table(
      ("code-dir", "boot-file", "problem"),
      ("obs://bucket/none", "main.py", "Code-dir obs://bucket/none does not exist. Give the directory that holds the boot file."),
      ("obs://bucket/mnist/code/main.py", "main.py",
        "Code-dir obs://bucket/mnist/code/main.py is a single object. Give the directory that holds the boot file."),
      (address, "train.py", s"Boot-file train.py does not exist in code-dir $address. Give the path of the script below code-dir."),
      (address, "mnist/code/main.py",
        s"Boot-file mnist/code/main.py does not exist in code-dir $address. Give the path of the script below code-dir."),
      (address, "sub/../main.py", ""),
      (address, s"${address}sub/train.py", "")
    )
    forAll(cases) { (code, bootFile, problem) =>
      assert(problems(jobOf(bootFile, code)) === Some(problem).filter(_.nonEmpty).toSeq)
    }
    listed(Seq("main.py" -> 1L, "../escape.py" -> 1L))
    assert(problems(jobOf("main.py")).head.startsWith(s"Code-dir $address cannot be read: its object '$address../escape.py' cannot be a file"))
    store = new InMemoryObjectStore {
      override def list(directory: StorageUri): Stream[StoredObject] =
        throw new IOException(s"Cannot list $directory: the connection was refused")
    }
    assert(problems(jobOf("main.py")) ===
      Seq(s"Code-dir $address cannot be read: Cannot list $address: the connection was refused."))
  }

  test("TRN-1 preflight - problems of code on a store and of the rest - are reported together") {
    put("main.py", "")
    val bad = jobOf("train.py")
      .input(TrainingInput.of("data_url", StorageUri.parse("s3://bucket/none")))
      .output(TrainingOutput.of("train_url", StorageUri.parse(address).resolve("out")))
      .logLocation(StorageUri.parse("obs://bucket/mnist/code/logs"))
    assert(problems(bad) === Seq(
      s"Boot-file train.py does not exist in code-dir $address. Give the path of the script below code-dir.",
      "Input data_url (s3://bucket/none) does not exist. Give a directory that holds objects, or a dataset version.",
      s"Output train_url (obs://bucket/mnist/code/out) lies inside code-dir $address. Give a directory elsewhere.",
      s"Log-url (obs://bucket/mnist/code/logs) lies inside code-dir $address. Give a directory elsewhere."
    ))
  }

  test("TRN-5 code on a store - of a run that is started again - is fetched once; a new run fetches it anew") {
    val opened = new AtomicInteger
    store = new InMemoryObjectStore {
      override def open(uri: StorageUri): InputStream = {
        opened.incrementAndGet()
        super.open(uri)
      }
    }
    put("lib/text.py", "text = 'first'")
    put("__pycache__/x.pyc", "old")
    put("ma-pre-start.sh", "export PREPARED=yes")
    put("main.py", s"""import os, sys, time
      |from lib.text import text
      |node = os.environ["VC_TASK_INDEX"]
      |print("node", node, "says", text, os.environ["PREPARED"], os.getcwd().split("/")[-1], sorted(os.listdir()))
      |again = "$directory/again-" + node
      |if not os.path.exists(again):
      |    open(again, "w").close()
      |    while not os.path.exists("$directory/changed"): time.sleep(0.02)
      |    sys.exit(3)
      |""".stripMargin)
    val handle = launch(jobOf("main.py").retries(1))
    eventually(assert(Seq(0, 1).forall(i => Files.exists(directory.resolve(s"again-$i")))))
    put("lib/text.py", "text = 'second'")
    write(directory.resolve("changed"), "")
    assert(end(handle) === RunState.COMPLETED, handle.status)
    Seq(0, 1).foreach { node =>
      assert(workerLog(handle.run, node).linesIterator.filter(_.startsWith("node ")).toSeq ===
        Seq.fill(2)(s"node $node says first yes code ['lib', 'ma-pre-start.sh', 'main.py']"))
    }
    assert(opened.get === 3)
    val bytes = Seq("main.py", "lib/text.py", "ma-pre-start.sh").map(name => store.find(at(name)).get.sizeBytes).sum - 1
    assert(told(handle.run, Type.CODE_DOWNLOADED).map(_.replaceAll("\\d+\\.\\d s", "0.0 s")) ===
      Seq.fill(2)(Seq(0, 1)).flatten.map(node =>
        s"[worker-$node] [duration: 0.0 s] Training code downloaded: 3 files, $bytes bytes"))
    assert(!Files.exists(runDirectory(handle.run).codeSnapshot))

    val anew = launch(jobOf("main.py"))
    assert(end(anew) === RunState.COMPLETED, anew.status)
    assert(workerLog(anew.run, 0).contains("node 0 says second yes code"))
  }

  test("TRN-5 code on a store - that is gone or breaks off when it is fetched - fails the run with a sentence, and leaves nothing") {
    put("main.py", "print()")
    store = new InMemoryObjectStore {
      override def open(uri: StorageUri): InputStream = throw new IOException(s"Cannot read $uri: the connection broke")
    }
    put("main.py", "print()")
    val handle = launch(jobOf("main.py"))
    assert(end(handle) === RunState.FAILED)
    assert(handle.status.message.get ===
      s"Cannot run the job: Cannot download code-dir $address: Cannot read ${address}main.py: the connection broke")
    val left = Files.list(runDirectory(handle.run).root)
    try assert(left.iterator.asScala.map(_.getFileName.toString).count(_.startsWith("code")) === 0)
    finally left.close()
  }

  test("TRN-5 code on a store - once the run is to end - is not fetched, or not to its end") {
    put("main.py", "print()")
    val snapshot = directory.resolve("code")
    def bring(isWanted: Int => Boolean) = {
      val asked = new AtomicInteger
      source.bring(snapshot, () => isWanted(asked.incrementAndGet()))
    }
    assert(bring(_ => false).isEmpty)
    assert(bring(_ == 1).isEmpty)
    assert(!Files.exists(snapshot) && !Files.exists(directory.resolve("code.unfinished")))
    assert(bring(_ => true).get.files.asScala === Seq(Path.of("main.py")))
  }

  private def source: CodeSource = CodeSource.of(CodeLocation.parse(address), settings.withStorage(store))

  private def jobOf(bootFile: String, code: String = address): TrainingJob.Builder =
    TrainingJob.builder("cells", CodeLocation.parse(code), bootFile).framework(Framework.CUSTOM).nodes(2)

  private def at(name: String): StorageUri = StorageUri.parse(address + name)

  private def put(name: String, text: String): Unit = store.write(at(name), out => out.write(text.getBytes))

  private def stored(name: String, size: Long): StoredObject =
    new StoredObject(at(name), size, java.time.Instant.EPOCH)

  /** A store that tells of these objects. */
  private def listed(objects: Seq[(String, Long)]): Unit =
    store = new InMemoryObjectStore {
      private val all = objects.map { case (name, size) => stored(name, size) }
      override def list(directory: StorageUri): Stream[StoredObject] = all.asJava.stream
      override def find(uri: StorageUri): Optional[StoredObject] = all.find(_.uri == uri).map(Optional.of(_)).getOrElse(Optional.empty())
    }

  /** @param copies whether the room for copies of the code counts, too */
  private def problems(job: TrainingJob.Builder, copies: Boolean = true): Seq[String] =
    LaunchPreflight.problems(job.build(), settings.withStorage(store)).asScala.toSeq
      .filter(copies || !_.contains("copies of code-dir take"))

  private def launch(job: TrainingJob.Builder): RunHandle =
    new LocalLauncher(settings.withStorage(store), TrainingFixture.python, Clock.systemUTC()).launch(TrainingRun.of(job.build()))

  private def end(handle: RunHandle): RunState = handle.awaitTerminal(Duration.ofMinutes(2))
}
