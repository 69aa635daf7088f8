package io.millrace.dataset.storage

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.StorageUri

/** Against HDFS of one data node. */
class HdfsObjectStoreSuite extends AnyFunSuite with ObjectStoreBehaviors {
  override protected def freshDirectory(): (ObjectStore, StorageUri) = {
    val directory = HdfsServer.freshDirectory()
    (ObjectStores.of(directory), directory)
  }

  objectStore()
}
