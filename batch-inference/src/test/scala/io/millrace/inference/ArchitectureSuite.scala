package io.millrace.inference

import com.tngtech.archunit.core.domain.JavaClasses
import com.tngtech.archunit.core.importer.{ClassFileImporter, ImportOption}
import com.tngtech.archunit.lang.ArchRule
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices
import org.scalatest.funsuite.AnyFunSuite

class ArchitectureSuite extends AnyFunSuite {
  private lazy val classes: JavaClasses = new ClassFileImporter()
    .withImportOption(new ImportOption.DoNotIncludeTests())
    .importPackages("io.millrace.inference")

  test("spark - is known in io.millrace.inference.spark alone") {
    onlyIn("..inference.spark..", "org.apache.spark..", "org.apache.hadoop..", "scala..")
  }

  test("ONNX Runtime - is known in io.millrace.inference.model alone") {
    onlyIn("..inference.model..", "ai.onnxruntime..")
  }

  test("OpenCV - is known in io.millrace.inference.vision alone") {
    onlyIn("..inference.vision..", "org.bytedeco..")
  }

  test("Delta - is unknown here") {
    check(noClasses().should().dependOnClassesThat().resideInAPackage("io.delta.."))
  }

  test("other rooms and the roof - are unknown here") {
    check(
      noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
          "io.millrace.ingestion..",
          "io.millrace.analysis..",
          "io.millrace.training..",
          "io.millrace.jobs.."))
  }

  test("packages - form no cycle") {
    check(slices().matching("io.millrace.inference.(**)").should().beFreeOfCycles())
    check(
      noClasses()
        .that()
        .resideInAPackage("io.millrace.inference")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
          "io.millrace.inference.model..",
          "io.millrace.inference.vision..",
          "io.millrace.inference.evaluation..",
          "io.millrace.inference.spark.."))
  }

  test("classes - have no empty names such as Utils, Helper or Manager") {
    check(
      noClasses()
        .should()
        .haveNameMatching(".*(Utils|Util|Helper|Helpers|Manager|Impl)$"))
  }

  private def onlyIn(home: String, packages: String*): Unit =
    check(
      noClasses()
        .that()
        .resideOutsideOfPackage(home)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages: _*))

  private def check(rule: ArchRule): Unit = rule.check(classes)
}
