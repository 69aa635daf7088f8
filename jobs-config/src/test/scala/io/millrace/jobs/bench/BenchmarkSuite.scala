package io.millrace.jobs.bench

import java.nio.file.{Files, Path}
import java.util.{List => JList, Set => JSet}

import scala.collection.mutable
import scala.jdk.CollectionConverters._
import scala.util.Using

import com.fasterxml.jackson.databind.ObjectMapper
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.{DatasetException, Limits}
import io.millrace.dataset.manifest.{Accepted, ManifestCodec, ManifestReader, ParsedLine}
import io.millrace.jobs.cli.{CommandLineRun, ExitCode}

class BenchmarkSuite extends AnyFunSuite {
  private def temporary(): Path = Files.createTempDirectory("millrace-bench-suite-")

  private def read(manifest: Path): Seq[ParsedLine] = Using.resource(
    new ManifestReader(Files.newInputStream(manifest), new ManifestCodec, Limits.DEFAULT)
  )(_.asScala.toVector)

  


  test("ING-8 bench - every row at a small scale - has its figures as JSON, or says why not") {
    // Datumaro looks installed, and is not.
    val cache = temporary()
    Files.createFile(Files.createDirectories(cache.resolve("datumaro-" + Datumaro.VERSION)).resolve("ready"))
    val said = mutable.Buffer[String]()
    val rows = Benchmark.INGEST
      .run(new BenchConfig(0.0005, 1, 0, 1, 2, JSet.of(), cache), said += _).asScala
    assert(rows.map(_.id) == Seq("manifest-vs-spark-json", "manifest-vs-jackson", "voc-vs-datumaro",
      "voc-vs-loop", "scale-exponent", "driver-heap"))
    val (without, measured) = rows.partition(_.value.isEmpty)
    assert(without.map(_.id) == Seq("voc-vs-datumaro"))
    assert(without.head.met.isEmpty && without.head.detail.startsWith("Cannot start '"))
    measured.foreach { row =>
      val json = row.toJson
      assert(json.fieldNames.asScala.toSeq
        == Seq("id", "what", "value", "against", "goal", "met", "detail"))
      assert(json.get("value").isNumber, json)
      assert(json.get("met").isNull, "a reduced size was judged by the goal of the full one")
    }
    val scale = rows.find(_.id == "scale-exponent").get.detail
    assert(Seq("5 in ", "50 in ", "500 in ").forall(scale.contains), scale)
    assert(said.exists(_.startsWith("Writing a manifest of 250 lines")))
  }

  test("bench - as a command, for people and programs - prints a table or one JSON document") {
    val arguments = Seq("bench", "ingest", "--scale", "0.0005", "--rounds", "1", "--warm-ups", "0",
      "--only", "manifest-vs-jackson")
    val text = CommandLineRun.of(arguments: _*)
    assert(text.exitCode == ExitCode.DONE, text.err)
    assert(text.out.contains("ROW ") && text.out.contains("manifest-vs-jackson  "))
    assert(text.out.contains("Sizes are 5.0E-4 of the full ones, of which the goals are."))
    val run = CommandLineRun.of(arguments ++ Seq("-o", "json"): _*)
    val json = new ObjectMapper().readTree(run.out)
    assert(json.get("benchmark").asText == "ingest" && json.get("scale").asDouble == 0.0005)
    assert(json.get("rows").size == 1)
  }

  test("bench - an unknown name, row or size - is refused with the known ones") {
    val name = CommandLineRun.of("bench", "ingst")
    assert(name.exitCode == ExitCode.USAGE)
    assert(name.err.contains("Unknown benchmark: 'ingst'. Known: ingest, versions, train. Did you mean ingest?"))
    val row = CommandLineRun.of("bench", "ingest", "--only", "voc")
    assert(row.exitCode == ExitCode.FAILED)
    assert(row.err.contains("Unknown row: 'voc' (expected one of manifest-vs-spark-json,"))
    val scale = CommandLineRun.of("bench", "ingest", "--scale", "2")
    assert(scale.exitCode == ExitCode.FAILED && scale.err.contains("Invalid scale: 2.0"))
  }

  test("duel - two contestants - run in turn, warm-ups do not count, medians are compared") {
    val order = mutable.Buffer[String]()
    def round(name: String, seconds: Double*): Duel.Round = {
      val left = seconds.iterator
      () => { order += name; left.next() }
    }
    val duel = Duel.fight(round("a", 9, 2, 1, 6), round("b", 9, 8, 3, 7), 1, 3)
    assert(order.mkString == "abababab")
    assert(duel.ours.median == 2 && duel.theirs.median == 7 && duel.ratio == 3.5)
    assert(duel.toString == "ours 2.000 s (1.000 to 6.000), theirs 7.000 s (3.000 to 8.000)")
    assert(new Timings(JList.of(1.0, 4.0, 2.0, 9.0)).median == 3)
    intercept[DatasetException](new Timings(JList.of()))
    val rounds = new Timings(JList.of(1.0, 0.9, 1.2, 0.4, 9.0))
    assert(math.abs(rounds.spread - 0.3) < 1e-9, "the middle half lies between 0.9 and 1.2")
    assert(new Timings(JList.of(2.0)).spread == 0)
  }

  test("goal - at least and at most - is met at its limit and says what it is") {
    assert(Goal.atLeast(8).isMet(8) && !Goal.atLeast(8).isMet(7.99))
    assert(Goal.atMost(1.05).isMet(1.05) && !Goal.atMost(1.05).isMet(1.06))
    assert(Goal.atLeast(0.5).toString == ">= 0.50" && Goal.atMost(1024).toString == "<= 1024.00")
    val between = Goal.between(0.98, 1.02)
    assert(Seq(0.98, 1.0, 1.02).forall(between.isMet) && !Seq(0.979, 1.021).exists(between.isMet))
    assert(between.toString == "0.98 to 1.02" && Goal.NONE.toString == "none")
    intercept[DatasetException](Goal.between(2, 1))
  }

  test("row - of a figure for information - has a value and no verdict") {
    def row(goal: Goal) = BenchRow.measured(new BenchSubject("x", "what", "other", goal), 3, "why")
    assert(row(Goal.NONE).met.isEmpty && row(Goal.NONE).goal == "none")
    assert(row(Goal.atMost(2)).met.get == false && row(Goal.atMost(3)).met.get)
  }

  test("growth - linear, quadratic, with a fixed part - has the exponent of its fit") {
    def exponent(seconds: Long => Double) = new Scale(
      JList.of(10000L, 100000L, 1000000L).asScala
        .map(n => new Scale.Step(n, seconds(n), 1L << 20)).asJava).exponent
    assert(math.abs(exponent(_ * 0.001) - 1) < 1e-9)
    assert(math.abs(exponent(n => n.toDouble * n) - 2) < 1e-9)
    assert(exponent(n => 10 + n * 0.0001) < 1)
  }

  test("generated manifest - of a seed - is the same each time, and every line is a sample") {
    val directory = temporary()
    val files = Seq(1L, 1L, 2L).zipWithIndex.map { case (seed, i) =>
      val file = directory.resolve(s"$i.manifest")
      assert(ManifestFile.write(file, 2000, seed) == Files.size(file))
      Files.readString(file)
    }
    assert(files(0) == files(1) && files(0) != files(2))
    assert(files(0).linesIterator.map(_.getBytes("UTF-8").length).sum / 2000 > 250)
    val tasks = read(directory.resolve("0.manifest")).map {
      case a: Accepted => a.sample.annotations.asScala.headOption.map(_.taskType.toString).getOrElse("none")
      case r => fail(r.toString)
    }
    val shares = tasks.groupMapReduce(identity)(_ => 1)(_ + _)
    assert(shares.size == 6)
    assert(math.abs(shares("IMAGE_CLASSIFICATION") - 1400) < 100)
    assert(math.abs(shares("OBJECT_DETECTION") - 400) < 100)
  }

  test("generated VOC directory - of a seed - is the same each time and what the loop counts") {
    val directories = (1 to 2).map { _ =>
      val directory = temporary()
      VocDevkit.write(directory, 40, 7)
      directory
    }
    VocLoop.run(directories.head, 40)
    val error = intercept[IllegalStateException](VocLoop.run(directories.head, 41))
    assert(error.getMessage == "40 of 41 images are sound")
    val contents = directories.map { directory =>
      Using.resource(Files.walk(directory))(_.iterator.asScala.filter(Files.isRegularFile(_))
        .map(f => directory.relativize(f).toString -> Files.readAllBytes(f).toSeq).toMap)
    }
    assert(contents(0) == contents(1) && contents(0).size == 82)
    val sets = Seq("train", "val").map(s => contents(0)(s"ImageSets/Main/$s.txt"))
    assert(sets.map(bytes => new String(bytes.toArray, "UTF-8").linesIterator.size).sum == 40)
  }

  test("Datumaro - a Python that fails - is told with its last words, and is no failure of the rest") {
    val error = intercept[UnmeasurableException](
      new Datumaro(Path.of("/bin/false")).importVoc(Path.of("x.py"), Path.of("voc"), 1))
    assert(error.getMessage.startsWith("'/bin/false x.py voc' ended with exit code 1"))
    val talk = intercept[UnmeasurableException](
      new Datumaro(Path.of("/bin/echo")).importVoc(Path.of("x.py"), Path.of("voc"), 1))
    assert(talk.getMessage == "Datumaro printed no result: x.py voc")
  }

  test("ING-8 manifest reader - a million lines - holds no more of them than one") {
    val heap = Runtime.getRuntime
    def used(): Long = { System.gc(); heap.totalMemory - heap.freeMemory }
    val file = temporary().resolve("million.manifest")
    ManifestFile.write(file, 1000000, 3)
    Using.resource(new ManifestReader(Files.newInputStream(file), new ManifestCodec, Limits.DEFAULT)) {
      reader =>
        def skip(lines: Int): Unit = (1 to lines).foreach(_ => reader.next())
        skip(1000)
        val before = used()
        skip(998000)
        val grown = used() - before
        assert(grown < (4L << 20), s"$grown bytes more after 998,000 lines")
        skip(1000)
        assert(!reader.hasNext)
    }
    Files.delete(file)
  }
}
