package io.millrace.inference

import java.nio.file.Files
import java.util.{List => JList}

import scala.collection.mutable.ArrayBuffer
import scala.jdk.CollectionConverters._

import io.millrace.dataset.{Label, StorageUri}
import io.millrace.dataset.storage.LocalObjectStore
import io.millrace.inference.Answer.{Classification, LabelScore}
import io.millrace.inference.ScoringInput.Progress
import org.scalatest.funsuite.AnyFunSuite

class ScorerSuite extends AnyFunSuite {

  test("BAT-6 scorer - every input - one outcome, in order, whatever the batch size") {
    for (batchSize <- 1 to 4) {
      val run = new Run(batchSize)
      val outcomes = run.score("a", "b", "gone", "c", "d")
      assert(outcomes.map(_.position) === Seq(0, 1, 2, 3, 4))
      assert(outcomes.map(verdict) === Seq("a", "b", "NOT_FOUND", "c", "d"))
    }
  }

  test("BAT-6 scorer - an input that fails its batch - fails alone") {
    val run = new Run(3)
    assert(run.score("a", "poison", "b").map(verdict) === Seq("a", "MODEL_ERROR", "b"))
    assert(run.model.calls.toSeq === Seq(3, 1, 1, 1))
  }

  test("BAT-6 scorer - an undecodable input - fails alone and never meets the model") {
    val run = new Run(3)
    assert(run.score("a", "garbage", "b").map(verdict) === Seq("a", "UNDECODABLE", "b"))
    assert(run.model.calls.toSeq === Seq(2))
  }

  test("BAT-6 scorer - an answer that an earlier run left - is read, not scored") {
    val run = new Run(2)
    run.score("a", "b")
    val calls = run.model.calls.size
    val again = run.scoreAgain("a", "b")
    assert(again.map(verdict) === Seq("a", "b"))
    assert(run.model.calls.size === calls)
    assert(again.forall {
      case successful: Outcome.Successful => successful.origin == Outcome.Origin.REUSED
      case _ => false
    })
  }

  test("BAT-6 scorer - an answer that is damaged or gone - is scored again") {
    val run = new Run(2)
    run.score("a", "b")
    Files.writeString(run.answerFile("a"), "{\"predicted_la")
    Files.delete(run.answerFile("b"))
    assert(run.scoreAgain("a", "b").map(verdict) === Seq("a", "b"))
    assert(Files.readString(run.answerFile("a")).contains("\"predicted_label\":\"a\""))
    assert(Files.exists(run.answerFile("b")))
  }

  test("BAT-6 scorer - an answer that cannot be written - ends the run, not the input") {
    val run = new Run(2)
    Files.createDirectories(run.answerFile("a"))
    val failure = intercept[java.io.IOException](run.score("a", "b"))
    assert(failure.getMessage.startsWith("Cannot write"))
  }

  test("BAT-8 scorer - while the model works - the next batch is already being read") {
    val run = new Run(1)
    run.model.waitFor = () => run.reader.awaitRead("b")
    assert(run.score("a", "b").map(verdict) === Seq("a", "b"))
  }

  test("BAT-8 scorer - a model with a fixed batch - never gets more") {
    val run = new Run(8, maxBatch = 2)
    run.score("a", "b", "c")
    assert(run.model.calls.toSeq === Seq(2, 1))
  }

  test("BAT-8 scorer - time spent - is told for every stage") {
    val run = new Run(2)
    run.score("a", "b")
    val totals = run.times.totals
    assert(totals.read > 0 && totals.decode > 0 && totals.model > 0 && totals.write > 0)
    assert(math.abs(totals.modelShare + totals.decodeShare + totals.storageShare - 1) < 1e-9)
  }

  private def verdict(outcome: Outcome): String = outcome match {
    case successful: Outcome.Successful =>
      successful.answer.asInstanceOf[Classification].predicted.value
    case failed: Outcome.Failed => failed.reason.name
  }

  private class Run(batchSize: Int, maxBatch: Int = 100) {
    val model = new EchoModel(maxBatch)
    val reader = new NameReader
    val times = new StageTimes
    private val output =
      new BatchOutput(StorageUri.of(Files.createTempDirectory("answers")), new TaskId("t"))

    def score(names: String*): Seq[Outcome] = score(names, Progress.OPEN)

    def scoreAgain(names: String*): Seq[Outcome] = score(names, Progress.ANSWERED)

    def answerFile(name: String): java.nio.file.Path =
      output.answer(s"${name}_result.txt").requireLocalPath

    private def score(names: Seq[String], progress: Progress): Seq[Outcome] = {
      val inputs = names.zipWithIndex.map { case (name, position) =>
        new ScoringInput(
          position.toLong,
          StorageUri.parse(s"/in/$name"),
          s"${name}_result.txt",
          progress)
      }
      new Scorer(model, reader, new LocalObjectStore(), output, batchSize, times)
        .score(inputs.asJava)
        .asScala
        .toSeq
    }
  }

  /** The content of an input is its name. */
  private class NameReader extends InputReader {
    private val seen = new java.util.concurrent.LinkedBlockingQueue[String]()

    override def read(source: StorageUri): Array[Byte] = {
      seen.add(source.fileName)
      if (source.fileName == "gone") {
        throw new BadInputException(FailureReason.NOT_FOUND, "Cannot read: gone")
      }
      source.fileName.getBytes("UTF-8")
    }

    def awaitRead(name: String): Unit = {
      val next = seen.poll(20, java.util.concurrent.TimeUnit.SECONDS)
      assert(next !== null, s"$name was not read ahead")
      if (next != name) awaitRead(name)
    }
  }

  /** Answers with the input itself as label. */
  private class EchoModel(override val maxBatch: Int) extends Model {
    val calls = ArrayBuffer[Int]()
    var waitFor: () => Unit = () => ()

    override def prepare(content: Array[Byte]): PreparedInput = {
      val text = new String(content, "UTF-8")
      if (text == "garbage") {
        throw new BadInputException(FailureReason.UNDECODABLE, "Cannot decode the image")
      }
      new PreparedInput(text.map(_.toFloat).toArray, 1, 1)
    }

    override def predict(inputs: JList[PreparedInput]): JList[Answer] = {
      calls += inputs.size
      if (calls.size == 1) waitFor()
      val texts = inputs.asScala.map { input =>
        val values = input.values
        Iterator.fill(values.remaining)(values.get.toChar).mkString
      }
      if (texts.contains("poison")) {
        throw new BadInputException(FailureReason.MODEL_ERROR, "The model failed")
      }
      texts
        .map(text =>
          new Classification(JList.of(new LabelScore(new Label(text), 1.0))).asInstanceOf[Answer])
        .asJava
    }

    override def close(): Unit = ()
  }
}
