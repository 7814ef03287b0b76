package dev.tokenservice.signing;

import dev.tokenservice.cryptography.NativeCryptography;
import dev.tokenservice.files.WatchedFiles;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What a signer is made with, beside its settings.
 *
 * @param files watches the folder of keys
 * @param cryptography what local keys sign with, where this machine has it
 * @param tokenValidity how long a token is valid at most
 * @param uploaded the relying parties that have to hold a key before it signs; the same object while they are the same
 */
public record SignerParts(
        WatchedFiles files,
        NativeCryptography cryptography,
        Clock clock,
        Duration tokenValidity,
        Supplier<UploadedParties> uploaded) {

    /** Local keys of a ring that may change. */
    LocalKeys keys(Supplier<KeyRing> ring, KeyPeriods periods) {
        return new LocalKeys(ring, uploaded, periods, cryptography, clock);
    }
}
