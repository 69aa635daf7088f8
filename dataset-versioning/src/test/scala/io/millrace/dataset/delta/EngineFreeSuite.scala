package io.millrace.dataset.delta

import java.io.File
import java.nio.file.Files
import java.time.Clock

import scala.jdk.CollectionConverters._

import com.tngtech.archunit.core.importer.{ClassFileImporter, ImportOption}
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition.{classes, noClasses}
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset._

class EngineFreeSuite extends AnyFunSuite {
  private val production = new ClassFileImporter()
    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
    .importPackages("io.millrace.dataset")

  test("architecture - packages outside spark - do not use Spark or Scala") {
    noClasses()
      .that()
      .resideOutsideOfPackage("..spark..")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("org.apache.spark..", "io.delta.tables..", "io.delta.sql..", "scala..")
      .check(production)
  }

  test("architecture - the versioning package - uses neither Delta nor Hadoop nor Jackson") {
    classes()
      .that()
      .resideInAPackage("io.millrace.dataset.versioning")
      .should()
      .onlyDependOnClassesThat()
      .resideInAnyPackage(
        "java..",
        "io.millrace.dataset",
        "io.millrace.dataset.filter",
        "io.millrace.dataset.table",
        "io.millrace.dataset.versioning"
      )
      .check(production)
  }

  test("VER-8 catalog - in a process without Spark's jars - creates, lists, shows and resolves") {
    val directory = Files.createTempDirectory("millrace-engine-free-")
    val classPath = System
      .getProperty("java.class.path")
      .split(File.pathSeparator)
      .filterNot(entry => new File(entry).getName.matches("(delta-)?spark-.*"))
    assert(classPath.length < System.getProperty("java.class.path").split(File.pathSeparator).length)
    val process = new ProcessBuilder(
      ProcessHandle.current().info().command().orElse("java"),
      "-XX:TieredStopAtLevel=1",
      "-XX:+UseSerialGC",
      "-Xshare:auto",
      "-cp",
      classPath.mkString(File.pathSeparator),
      "io.millrace.dataset.delta.EngineFreeMain",
      directory.toString
    ).redirectErrorStream(true).start()
    val output = new String(process.getInputStream.readAllBytes(), "UTF-8").linesIterator.toSeq
    assert(process.waitFor() == 0, output.mkString("\n"))
    assert(output.contains("pets 0 samples 0 versions"), output.mkString("\n"))
    assert(output.contains("Spark is not there"), output.mkString("\n"))
    output.filter(_.startsWith("took")).foreach(line => info(line))
  }
}

object EngineFreeMain {
  def main(arguments: Array[String]): Unit = {
    val catalog = DatasetCatalog.at(StorageUri.parse(arguments(0)))
    val pets = new DatasetName("pets")
    val start = System.nanoTime()
    catalog.create(pets, LabelTaskType.OBJECT_DETECTION, "", Clock.systemUTC())
    val created = System.nanoTime()
    catalog.list().asScala.foreach { dataset =>
      println(
        s"${dataset.info.name} ${dataset.samples} samples ${dataset.versions.size} versions"
      )
    }
    assert(catalog.history(pets).versions.isEmpty)
    println(f"took ${(created - start) / 1000000} ms to create, " +
      f"${(System.nanoTime() - created) / 1000000} ms to list")
    try {
      Class.forName("org.apache.spark.sql.SparkSession")
      println("Spark is there")
    } catch { case _: ClassNotFoundException => println("Spark is not there") }
  }
}
