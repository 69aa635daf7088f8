package io.millrace.training

import com.tngtech.archunit.core.domain.JavaClasses
import com.tngtech.archunit.core.importer.{ClassFileImporter, ImportOption}
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition.{classes, noClasses}
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices
import org.scalatest.funsuite.AnyFunSuite

class ArchitectureSuite extends AnyFunSuite {

  private lazy val training: JavaClasses = new ClassFileImporter()
    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
    .importPackages("io.millrace.training")

  test("training - its imports - are the domain types, JSON, logging and the JDK") {
    classes()
      .that()
      .resideInAPackage("io.millrace.training..")
      .should()
      .onlyDependOnClassesThat()
      .resideInAnyPackage(
        "java..",
        "io.millrace.training..",
        "io.millrace.dataset",
        "io.millrace.dataset.manifest",
        "io.millrace.dataset.storage",
        "com.fasterxml.jackson..",
        "org.slf4j.."
      )
      .check(training)
    // The stores behind Hadoop, and what picks them, are the roof's to hand in.
    noClasses()
      .that()
      .resideInAPackage("io.millrace.training..")
      .should()
      .dependOnClassesThat()
      .haveNameMatching(
        "io\\.millrace\\.dataset\\.storage\\.(Hadoop|Obs|ObjectStores|StorageSettings|StorageErrors|StoreEndpoint).*"
      )
      .check(training)
  }

  test("training - the root package and watch - know no back end, and there is no cycle") {
    noClasses()
      .that()
      .resideInAnyPackage("io.millrace.training", "io.millrace.training.watch")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("io.millrace.training.local..")
      .check(training)
    slices().matching("io.millrace.training.(*)..").should().beFreeOfCycles().check(training)
    noClasses()
      .that()
      .resideInAPackage("io.millrace.training")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("io.millrace.training.watch..")
      .check(training)
  }

  test("training - names - promise no grab bag") {
    noClasses()
      .that()
      .resideInAPackage("io.millrace.training..")
      .should()
      .haveNameMatching(".*(Utils|Helper|Manager|Impl)")
      .check(training)
  }

  test("training - its class path - holds neither Spark nor Hadoop") {
    Seq("org.apache.spark.SparkContext", "org.apache.hadoop.fs.FileSystem").foreach { name =>
      assertThrows[ClassNotFoundException](Class.forName(name))
    }
  }
}
