package dev.tokenservice.signing;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenservice.configuration.FilePath;
import io.dropwizard.validation.OneOf;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings of signing: who signs, and with what. */
public final class SigningFactory {

    private static final Logger LOG = LoggerFactory.getLogger(SigningFactory.class);
    private static final String IAM = "iam";
    private static final String AUTO = "auto";

    /** {@code iam}, {@code local}, or {@code auto}: IAM where the platform has an attached service account. */
    @JsonProperty
    @NotNull
    @OneOf(
            value = {AUTO, IAM, "local"},
            message = "must be auto, iam or local")
    String signer = AUTO;

    /** The local signer's algorithm. */
    @JsonProperty
    @NotNull
    @OneOf(
            value = {"RS256", "ES256"},
            message = "must be RS256 or ES256")
    String algorithm = "RS256";

    /** Folder of the local signer's keys; empty for a key that is made at start. */
    @JsonProperty
    @NotNull
    @FilePath(mayBeEmpty = true, message = "must be the path of a folder")
    String keys = "";

    /**
     * Whether IAM signs.
     *
     * @param attachedServiceAccount whether the platform lends the service an identity of Google's
     */
    public boolean isIam(boolean attachedServiceAccount) {
        return signer.equals(IAM) || (signer.equals(AUTO) && attachedServiceAccount);
    }

    /** Whether a local key is made at start, which no other process has. */
    public boolean makesKeyAtStart(boolean iam) {
        return !iam && keys.isEmpty();
    }

    /**
     * The files of the local signer's keys; none where IAM signs, or the key is made at start.
     *
     * @throws SigningKeyException when the folder cannot be read
     */
    public List<Path> keyFiles(boolean iam) {
        return iam || keys.isEmpty() ? List.of() : KeyRing.files(Path.of(keys));
    }

    /**
     * Makes the signer, and logs which one it is.
     *
     * @param iamSigner makes the signer at IAM; not used for a local one
     * @throws SigningKeyException when the keys cannot be used
     */
    public TokenSigner build(boolean iam, Supplier<TokenSigner> iamSigner) {
        TokenSigner chosen = iam ? iamSigner.get() : localSigner();
        LOG.info(
                "signing with {} by {} (SIGNER={})",
                chosen.algorithm(),
                iam ? "Google's IAM: no key in this process" : "a local key",
                signer);
        if (!chosen.algorithm().equals(algorithm)) {
            throw new SigningKeyException("SIGNING_ALGORITHM is " + algorithm + ", but IAM signs with "
                    + chosen.algorithm() + " only: unset it, or set SIGNER to local");
        }
        return chosen;
    }

    private TokenSigner localSigner() {
        if (keys.isEmpty()) {
            LOG.warn("SIGNING_KEYS is not set: tokens are signed with a key that was made just now and ends with this "
                    + "process. Set it to a folder of keys where more than one replica runs, or tokens outlive a restart; or "
                    + "let IAM sign (SIGNER=iam), as on Cloud Run");
            return LocalSigner.ofNewKey(algorithm);
        }
        return LocalSigner.of(KeyRing.ofFolder(Path.of(keys), algorithm));
    }
}
