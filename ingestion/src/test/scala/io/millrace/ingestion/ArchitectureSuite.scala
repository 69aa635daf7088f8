package io.millrace.ingestion

import com.tngtech.archunit.core.domain.JavaClasses
import com.tngtech.archunit.core.importer.{ClassFileImporter, ImportOption}
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices
import org.scalatest.funsuite.AnyFunSuite

class ArchitectureSuite extends AnyFunSuite {
  private val classes: JavaClasses = new ClassFileImporter()
    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
    .importPackages("io.millrace.ingestion")

  test("rooms - ingestion - imports no other room and not the roof") {
    noClasses()
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage(
        "io.millrace.analysis..",
        "io.millrace.training..",
        "io.millrace.inference..",
        "io.millrace.jobs..")
      .check(classes)
  }

  test("engines - Spark and Scala only in .spark, Delta and Hadoop nowhere") {
    noClasses()
      .that()
      .resideOutsideOfPackage("io.millrace.ingestion.spark..")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("org.apache.spark..", "scala..", "io.millrace..spark..")
      .check(classes)
    noClasses()
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("io.delta..", "org.apache.hadoop..")
      .check(classes)
  }

  test("packages - no cycles; no class named Utils, Helper or Manager") {
    slices().matching("io.millrace.ingestion.(**)").should().beFreeOfCycles().check(classes)
    noClasses().should().haveNameMatching(".*(Utils|Helper|Manager)").check(classes)
  }
}
