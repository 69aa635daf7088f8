package io.millrace.analysis

import com.tngtech.archunit.core.domain.JavaClasses
import com.tngtech.archunit.core.importer.{ClassFileImporter, ImportOption}
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition.{classes, noClasses}
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices
import org.scalatest.funsuite.AnyFunSuite

class ArchitectureSuite extends AnyFunSuite {
  private lazy val ours: JavaClasses = new ClassFileImporter()
    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
    .importPackages("io.millrace.analysis")

  test("floors - analysis - knows no other room and not the roof") {
    noClasses().should().dependOnClassesThat().resideInAnyPackage(
      "io.millrace.ingestion..", "io.millrace.training..", "io.millrace.inference..",
      "io.millrace.jobs..").check(ours)
  }

  test("engines - Spark - is known in .spark alone, Delta nowhere") {
    noClasses().that().resideOutsideOfPackage("io.millrace.analysis.spark..")
      .should().dependOnClassesThat().resideInAnyPackage("org.apache.spark..", "scala..")
      .check(ours)
    noClasses().should().dependOnClassesThat().resideInAPackage("io.delta..").check(ours)
  }

  test("OpenCV - is known in .image alone") {
    noClasses().that().resideOutsideOfPackage("io.millrace.analysis.image..")
      .should().dependOnClassesThat().resideInAPackage("org.bytedeco..").check(ours)
  }

  test("packages - have no cycles") {
    slices().matching("io.millrace.(**)").should().beFreeOfCycles().check(ours)
  }

  test("names - no Utils, Helper or Manager") {
    classes().should().haveNameNotMatching(".*(Utils?|Helpers?|Manager)$").check(ours)
  }
}
