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
      .and()
      .resideOutsideOfPackage("io.millrace.training.kubernetes..")
      .should()
      .onlyDependOnClassesThat()
      .resideInAnyPackage(
        "java..",
        "io.millrace.training..",
        "io.millrace.dataset",
        "com.fasterxml.jackson..",
        "org.slf4j.."
      )
      .check(training)
  }

  test("training.kubernetes - its imports - are the root package, watch, hccl and the client of Kubernetes") {
    classes()
      .that()
      .resideInAPackage("io.millrace.training.kubernetes..")
      .should()
      .onlyDependOnClassesThat()
      .resideInAnyPackage(
        "java..",
        "io.millrace.training",
        "io.millrace.training.watch",
        "io.millrace.training.hccl",
        "io.millrace.training.kubernetes",
        "io.millrace.dataset",
        "com.fasterxml.jackson.annotation",
        "io.fabric8.kubernetes..",
        "org.slf4j.."
      )
      .check(training)
    noClasses()
      .that()
      .resideOutsideOfPackage("io.millrace.training.kubernetes..")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("io.millrace.training.kubernetes..")
      .check(training)
  }

  test("training - the root package and watch - know no back end, and there is no cycle") {
    noClasses()
      .that()
      .resideInAnyPackage("io.millrace.training", "io.millrace.training.watch")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("io.millrace.training.local..", "io.millrace.training.kubernetes..")
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
