package dev.tokenservice.google;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.constraints.Pattern;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The settings of the workload identity provider: all of them, or none, and then nothing is exchanged. */
@SelfValidating
public final class WorkloadIdentityFactory {

    private static final String ID = "(?!gcp-)[a-z0-9-]{4,32}";
    private static final String ID_RULE = "must be 4 to 32 of a-z, 0-9 and -, and not start with gcp-";

    @JsonProperty
    @Nullable
    @Pattern(
            regexp = "[0-9]{1,20}",
            message = "must be the project NUMBER, digits only; find it with: "
                    + "gcloud projects describe PROJECT_ID --format='value(projectNumber)'")
    String projectNumber;

    @JsonProperty
    @Nullable
    @Pattern(regexp = ID, message = ID_RULE)
    String poolId;

    @JsonProperty
    @Nullable
    @Pattern(regexp = ID, message = ID_RULE)
    String providerId;

    /** Says which of the three is missing. */
    @SelfValidation
    public void validateCompleteness(ViolationCollector problems) {
        Map<String, @Nullable String> settings = new LinkedHashMap<>();
        settings.put("projectNumber", projectNumber);
        settings.put("poolId", poolId);
        settings.put("providerId", providerId);
        long given = settings.values().stream().filter(value -> value != null).count();
        if (given == 0 || given == settings.size()) {
            return;
        }
        settings.forEach((key, value) -> {
            if (value == null) {
                problems.addViolation(
                        key, "is missing: project number, pool and provider are set together, or none is");
            }
        });
    }

    /** The provider, where one is configured. */
    public Optional<WorkloadIdentityProvider> build(String universeDomain) {
        if (projectNumber == null || poolId == null || providerId == null) {
            return Optional.empty();
        }
        return Optional.of(WorkloadIdentityProvider.of(universeDomain, projectNumber, poolId, providerId));
    }
}
