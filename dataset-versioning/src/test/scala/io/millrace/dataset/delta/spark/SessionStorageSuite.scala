package io.millrace.dataset.delta.spark

import org.scalatest.funsuite.AnyFunSuite

class SessionStorageSuite extends AnyFunSuite with SharedSparkSession {
  test("ING-1 of - settings of the session - are taken, those of Hadoop's files and others are not") {
    val hadoop = spark.sparkContext.hadoopConfiguration
    hadoop.set("fs.s3a.bucket.session-storage-suite.endpoint", "http://127.0.0.1:1")
    hadoop.set("mapreduce.session-storage-suite", "x")
    try {
      val settings = SessionStorage.of(spark).properties
      assert(settings.get("fs.s3a.bucket.session-storage-suite.endpoint") == "http://127.0.0.1:1")
      assert(!settings.containsKey("mapreduce.session-storage-suite"))
      assert(!settings.containsKey("fs.s3a.connection.ttl"), "it is in core-default.xml")
    } finally {
      hadoop.unset("fs.s3a.bucket.session-storage-suite.endpoint")
      hadoop.unset("mapreduce.session-storage-suite")
    }
  }
}
