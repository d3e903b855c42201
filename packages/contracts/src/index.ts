// The whole public surface of this package: everything that crosses a process.
export {
  type ConnectionRef,
  findAddress,
  formatAddress,
  formatConnectionAddress,
  formatPath,
  Owner,
  parseAddress,
  Slug,
  type ToolRef,
} from './address.ts'
export {
  AuthMethod,
  methodVariables,
  NO_AUTH_TEMPLATE,
  OauthMethod,
  Placement,
  SINGLE_VARIABLE,
} from './auth-method.ts'
export { catalog, Integration, IntegrationSettings, integrationChanged } from './catalog.ts'
export { operationsChanged } from './catalog-refresh.ts'
export { Detection, ImportResult } from './catalog-sources.ts'
export {
  LocatedTool,
  OperationDetail,
  SearchItem,
  SearchPage,
  ToolDescription,
  ToolListing,
} from './catalog-tools.ts'
export { closest } from './closest.ts'
export {
  ConnectedAccount,
  Connection,
  connectionChanged,
  connections,
  HealthCheckResult,
  HealthStatus,
  ResolvedCredential,
} from './connections.ts'
export {
  OauthClient,
  OauthClientAuth,
  OauthGrant,
  OauthOutcome,
  OauthProbe,
} from './connections-oauth.ts'
export {
  CORE_INTEGRATION,
  CORE_TOOLS,
  type CoreTool,
  FINDING_TOOLS,
  findCoreTool,
  isCorePath,
} from './core-tools.ts'
export {
  combineRules,
  createDecider,
  type Decider,
  decideAction,
  matchRules,
  toDefaultAction,
} from './decision.ts'
export {
  type Access,
  type Contract,
  defineContract,
  defineEvent,
  defineQueue,
  type Encoded,
  type EncodedBytes,
  type EventDefinition,
  type Input,
  type Method,
  type MethodDefinition,
  type MethodDefinitions,
  type Output,
  type ParsedInput,
  type QueueDefinition,
} from './define.ts'
export {
  assertNever,
  ERROR_CODES,
  type ErrorCode,
  invariant,
  isServiceError,
  ServiceError,
} from './errors.ts'
export { executor, InvokeInput, WaitingInvocation } from './executor.ts'
export { Answer, Interaction, InteractionKind, InteractionStatus } from './executor-interactions.ts'
export {
  ExecutionResult,
  RUN_CHANGES_MAX,
  RunChange,
  RunDetail,
  RunKind,
  RunOutcome,
  RunStatus,
  RunSummary,
  runQueue,
  runSignalled,
  runsChanged,
  Step,
  StepStatus,
} from './executor-runs.ts'
export { upstreamChanged } from './executor-upstreams.ts'
export { agentConnected, PROBLEM_CHARS_MAX, promptLeftOpen } from './gateway.ts'
export { HealthCheckSpec } from './health-check.ts'
export { JsonObject, JsonSchema, PageInput, Timestamp } from './json.ts'
export { isDeeperThan, JSON_LEVELS_MAX, type JsonText, toJsonText } from './json-text.ts'
export {
  AddGraphqlInput,
  ConfigureGraphqlInput,
  GraphqlAuthTemplate,
  GraphqlBinding,
  GraphqlConfig,
  GraphqlDiscovery,
  GraphqlPreview,
  PreviewGraphqlInput,
  RefreshGraphqlInput,
} from './kinds/graphql.ts'
export {
  AddMcpInput,
  type AddRemoteMcpInput,
  type AddStdioMcpInput,
  ConfigureMcpInput,
  McpAuthTemplate,
  McpBinding,
  McpConfig,
  McpConfigChange,
  McpDiscovery,
  McpMethod,
  McpOauth,
  McpProbe,
  McpQuestion,
  McpRemoteTransport,
  ProbeMcpInput,
} from './kinds/mcp.ts'
export {
  AddOpenapiInput,
  AuthTemplate,
  AuthTemplatePart,
  ConfigureOpenapiInput,
  JsonPatchOperation,
  OpenapiBinding,
  OpenapiConfig,
  OpenapiContent,
  OpenapiEncoding,
  OpenapiParameter,
  type OpenapiPart,
  OpenapiPreview,
  OpenapiResponse,
  OpenapiServer,
  OpenapiSpec,
  PathSelection,
  PreviewOpenapiInput,
  RefreshOpenapiInput,
  SpecFormat,
} from './kinds/openapi.ts'
export {
  DOCUMENT_BYTES_MAX,
  LEASE_MS,
  PAYLOAD_BYTES_MAX,
  REQUEST_TIMEOUT_MS,
  TOOL_ROWS_MAX,
} from './limits.ts'
export {
  Annotations,
  HttpInfo,
  Operation,
  OperationError,
  type Snapshot,
  ToolError,
  ToolFile,
  ToolResult,
} from './operation.ts'
export { explainPatternError, matchPattern, patternSpecificity } from './pattern.ts'
export {
  Decision,
  Explanation,
  policy,
  Rule,
  RuleAction,
  rulesChanged,
  TouchedRule,
} from './policy.ts'
export { Preset, PresetChoice } from './preset.ts'
export { isAdmin, isAgent, Principal, Role, servicePrincipal, Via } from './principal.ts'
export { createRuleIndex, type RuleIndex } from './rule-index.ts'
export { newRunId } from './run-id.ts'
export { Secret } from './secret.ts'
export {
  ChangedAccount,
  FieldChange,
  HeldOperation,
  LastRefresh,
  OperationChange,
  REFRESH_EVERY_MS_MAX,
  REFRESH_EVERY_MS_MIN,
  RefreshPreview,
  ReviewMode,
  SourceChange,
  SourceDiff,
  SourceReview,
} from './source-change.ts'
export { toVisible } from './visible-text.ts'
