/**
 * The command {@code doctor}: looks into everything that a running service needs.
 *
 * <p>Owns the findings and their two forms, for people and for machines. What it checks is the code that runs.
 *
 * <p>Imports {@code authentication}, {@code configuration}, {@code cryptography}, {@code files}, {@code google},
 * {@code identity}, {@code oauth}, {@code outbound}, {@code policy}, {@code server}, {@code signing},
 * {@code telemetry}, {@code tls}, {@code token} and {@code x509}.
 */
@NullMarked
package dev.tokenservice.doctor;

import org.jspecify.annotations.NullMarked;
