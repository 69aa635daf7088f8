package io.millrace.dataset.storage

import java.io.{ByteArrayInputStream, ByteArrayOutputStream, ObjectInputStream, ObjectOutputStream}

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.StorageUri

class StorageSettingsSuite extends AnyFunSuite {
  private val settings =
    new StorageSettings(java.util.Map.of("fs.s3a.endpoint", "http://h:1", "fs.x", "${fs.s3a.endpoint}"))

  test("ING-1 toConfiguration - explicit settings - go on top of Hadoop's own") {
    val configuration = settings.toConfiguration
    assert(configuration.get("fs.s3a.endpoint") == "http://h:1")
    assert(configuration.get("fs.x") == "http://h:1")
    assert(configuration.get("io.file.buffer.size") != null)
    assert(StorageSettings.NONE.toConfiguration.get("fs.x") == null)
  }

  test("ING-1 settings - sent to a task - arrive equal") {
    val bytes = new ByteArrayOutputStream
    new ObjectOutputStream(bytes).writeObject(settings)
    val read = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray)).readObject
    assert(read == settings)
  }

  test("ING-1 toString - values, which may be secrets - are left out") {
    assert(settings.toString == "StorageSettings[fs.s3a.endpoint, fs.x]")
  }

  test("ING-1 ObjectStores - same settings - share one store and its connections") {
    val uri = StorageUri.parse("hdfs://h/p")
    val again = new StorageSettings(settings.properties)
    assert(ObjectStores.of(uri, settings) eq ObjectStores.of(uri, again))
    assert(ObjectStores.of(uri, settings) ne ObjectStores.of(uri))
  }
}
