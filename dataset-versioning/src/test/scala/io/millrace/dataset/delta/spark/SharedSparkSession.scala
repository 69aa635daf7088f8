package io.millrace.dataset.delta.spark

import java.nio.file.{Files, Path}

import org.apache.spark.sql.SparkSession

/** One Spark session for all suites of a test JVM; it ends with the JVM. */
object SharedSparkSession {
  lazy val spark: SparkSession = {
    val session = DeltaSession
      .embedded("tests", 2)
      // For a few rows, to plan again and to generate and compile code takes longer than to compute.
      .config("spark.sql.adaptive.enabled", "false")
      .config("spark.sql.codegen.wholeStage", "false")
      .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
      .getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    session
  }
}

trait SharedSparkSession {
  lazy val spark: SparkSession = SharedSparkSession.spark

  /** A fresh directory below the module's target directory. */
  def temporaryDirectory(): Path = Files.createTempDirectory("millrace-test-")
}
