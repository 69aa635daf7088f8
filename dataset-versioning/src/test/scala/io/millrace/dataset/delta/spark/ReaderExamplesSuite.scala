package io.millrace.dataset.delta.spark

import java.nio.file.Path

import io.millrace.dataset.ForeignPython
import io.millrace.dataset.versioning.PublishRequest
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks.{forAll, Table}

/** The programs in examples/readers, run on a version whose pictures they have to see. */
class ReaderExamplesSuite extends AnyFunSuite with SharedSparkSession with ForeignPython {
  private lazy val manifest = {
    val (layout, _) = Pictures.create(spark, temporaryDirectory(), 15)
    val table = DatasetTable.open(spark, layout)
    new PublishJob(
      spark, table, PublishRequest.DEFAULT.withUsage(PublishRequest.UsagePolicy.KEEP), Pictures.clock)
      .run().manifest.requireLocalPath().toString
  }

  for ((program, module) <- Seq("torch_reader.py" -> "torch", "mindspore_reader.py" -> "mindspore"))
    test(s"examples/readers/$program - a published version - every picture, its label and its pixels") {
      assumePython(Seq(module, "PIL", "numpy"))
      val file = Seq("..", ".").map(Path.of(_, "examples", "readers", program)).find(_.toFile.exists).get
      forAll(Table(
        ("usage", "summary"),
        (Seq(), """{"samples":15,"labels":{"blue":5,"red":5,"绿":5},"mean_rgb":[0.333,0.333,0.333]}"""),
        (Seq("EVAL"), """{"samples":3,"labels":{"blue":1,"red":1,"绿":1},"mean_rgb":[0.333,0.333,0.333]}"""),
        (Seq("TRAIN"), """{"samples":12,"labels":{"blue":4,"red":4,"绿":4},"mean_rgb":[0.333,0.333,0.333]}"""))) {
        (usage, summary) =>
          assert(pythonFile(Seq(module, "PIL", "numpy"), file, manifest +: usage: _*).toString === summary)
      }
    }
}
