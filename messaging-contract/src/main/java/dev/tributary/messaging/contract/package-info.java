/**
 * What every messaging adapter promises, as tests: a class that extends {@link dev.tributary.messaging.contract.MessagingContract} and brings a
 * {@link dev.tributary.messaging.contract.Harness} is an adapter's whole conformance test.
 */
@NullMarked
package dev.tributary.messaging.contract;

import org.jspecify.annotations.NullMarked;
