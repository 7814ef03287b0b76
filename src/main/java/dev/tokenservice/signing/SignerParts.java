package dev.tokenservice.signing;

import dev.tokenservice.cryptography.NativeCryptography;
import dev.tokenservice.files.WatchedFiles;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The objects that a signer needs, in addition to its settings.
 *
 * @param files watches the folder of keys
 * @param cryptography the native cryptography for local keys, if this machine has it
 * @param tokenValidity the longest lifetime of a token
 * @param uploaded the relying parties that must hold a key before it signs; must return the same object until they change
 */
public record SignerParts(
        WatchedFiles files,
        NativeCryptography cryptography,
        Clock clock,
        Duration tokenValidity,
        Supplier<UploadedParties> uploaded) {

    /** Returns the local keys of a ring that may change. */
    LocalKeys keys(Supplier<KeyRing> ring, KeyPeriods periods) {
        return new LocalKeys(ring, uploaded, periods, cryptography, clock);
    }
}
