package io.millrace.jobs

import com.tngtech.archunit.core.domain.JavaClasses
import com.tngtech.archunit.core.importer.{ClassFileImporter, ImportOption}
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition.{classes, noClasses}
import com.tngtech.archunit.library.Architectures.layeredArchitecture
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices
import org.scalatest.funsuite.AnyFunSuite

/** The floors of the house: ground, four rooms that never meet, roof. */
class ArchitectureSuite extends AnyFunSuite {
  private val production: JavaClasses =
    new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests())
      .withImportOption(location => !location.contains("-tests.jar")) // fixtures of the rooms
      .importPackages("io.millrace")

  private val rooms = List("ingestion", "analysis", "training", "inference")

  test("floors - ground, rooms, roof - each leans only on what is below it") {
    layeredArchitecture()
      .consideringOnlyDependenciesInLayers()
      .layer("ground").definedBy("io.millrace.dataset..")
      .layer("ingestion").definedBy("io.millrace.ingestion..")
      .layer("analysis").definedBy("io.millrace.analysis..")
      .layer("training").definedBy("io.millrace.training..")
      .layer("inference").definedBy("io.millrace.inference..")
      .layer("roof").definedBy("io.millrace.jobs..")
      .whereLayer("roof").mayNotBeAccessedByAnyLayer()
      .whereLayer("ingestion").mayOnlyBeAccessedByLayers("roof")
      .whereLayer("analysis").mayOnlyBeAccessedByLayers("roof")
      .whereLayer("training").mayOnlyBeAccessedByLayers("roof")
      .whereLayer("inference").mayOnlyBeAccessedByLayers("roof")
      .check(production)
  }

  test("modules - every class - is of a known one") {
    classes()
      .should()
      .resideInAnyPackage(
        ("io.millrace.dataset.." :: "io.millrace.jobs.." :: rooms.map(r => s"io.millrace.$r..")): _*
      )
      .check(production)
  }

  test("engines - Spark - only in packages named spark") {
    noClasses()
      .that().resideOutsideOfPackage("..spark..")
      .should().dependOnClassesThat().resideInAPackage("org.apache.spark..")
      .check(production)
  }

  test("engines - Delta - only in the ground's package delta") {
    noClasses()
      .that().resideOutsideOfPackage("io.millrace.dataset.delta..")
      .should().dependOnClassesThat().resideInAPackage("io.delta..")
      .check(production)
  }

  test("packages of the rooms and the ground - any two - have no cycle") {
    slices().matching("io.millrace.(dataset|ingestion|analysis|training|inference).(**)").should()
      .beFreeOfCycles().check(production)
  }

  test("names - every class - says what it is instead of Utils, Helper or Manager") {
    noClasses()
      .should().haveSimpleNameEndingWith("Utils")
      .orShould().haveSimpleNameEndingWith("Util")
      .orShould().haveSimpleNameEndingWith("Helper")
      .orShould().haveSimpleNameEndingWith("Helpers")
      .orShould().haveSimpleNameEndingWith("Manager")
      .orShould().haveSimpleNameEndingWith("Impl")
      .check(production)
  }
}
