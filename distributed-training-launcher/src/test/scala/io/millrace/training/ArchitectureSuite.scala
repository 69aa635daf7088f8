package io.millrace.training

import scala.jdk.CollectionConverters._

import com.tngtech.archunit.core.domain.JavaClasses
import com.tngtech.archunit.core.importer.{ClassFileImporter, ImportOption}
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition.{classes, noClasses}
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices
import org.scalatest.funsuite.AnyFunSuite

class ArchitectureSuite extends AnyFunSuite {

  private lazy val training: JavaClasses = new ClassFileImporter()
    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
    .importPackages("io.millrace.training")

  private val everywhere =
    Seq(
      "java..",
      "io.millrace.training..",
      "io.millrace.dataset",
      "io.millrace.dataset.manifest",
      "io.millrace.dataset.storage",
      "com.fasterxml.jackson..",
      "org.slf4j.."
    )

  test("training - its imports - are the domain types, JSON, logging and the JDK") {
    classes()
      .that()
      .resideInAPackage("io.millrace.training..")
      .and()
      .resideOutsideOfPackages("io.millrace.training.kubernetes..", "io.millrace.training.spark..")
      .should()
      .onlyDependOnClassesThat()
      .resideInAnyPackage(everywhere: _*)
      .check(training)
  }

  test("training - the stores behind Hadoop, and what picks them - are the roof's to hand in") {
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

  test("training - the package .spark - knows Spark, and Hadoop's shutdown hooks, which Spark uses") {
    classes()
      .that()
      .resideInAPackage("io.millrace.training.spark..")
      .should()
      .onlyDependOnClassesThat()
      .resideInAnyPackage(everywhere ++ Seq("org.apache.spark..", "scala..", "org.apache.hadoop.util"): _*)
      .check(training)
  }

  test("training.kubernetes - its imports - are the root package, watch, hccl, diagnosis, metrics and the client of Kubernetes") {
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
        "io.millrace.training.diagnosis",
        "io.millrace.training.metrics",
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

  test("training - the package .spark - is known to nobody else") {
    noClasses()
      .that()
      .resideInAPackage("io.millrace.training..")
      .and()
      .resideOutsideOfPackage("io.millrace.training.spark..")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("io.millrace.training.spark..")
      .check(training)
  }

  test("training - its launching on this machine - needs no Spark on the class path") {
    val loader = new java.net.URLClassLoader(
      System.getProperty("java.class.path").split(java.io.File.pathSeparator)
        .filterNot(path => Seq("org/apache/spark", "org/apache/hadoop", "org/scala-lang").exists(path.contains))
        .map(path => java.nio.file.Path.of(path).toUri.toURL),
      ClassLoader.getPlatformClassLoader)
    Seq("org.apache.spark.SparkContext", "org.apache.hadoop.fs.FileSystem").foreach { name =>
      assertThrows[ClassNotFoundException](loader.loadClass(name))
    }
    training.asScala
      .filterNot(_.getPackageName.startsWith("io.millrace.training.spark"))
      .foreach(each => Class.forName(each.getName, true, loader))
  }
}
