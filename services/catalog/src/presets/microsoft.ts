import type { PathSelection } from '@executor/contracts'
import type { PresetEntry } from './preset.ts'

interface GraphEntry {
  id: string
  name: string
  summary: string
  /** Delegated permissions, between spaces. */
  scopes: string
  /** Prefixes of its paths, between spaces; a path behind "=" is taken alone. */
  paths: string
  /** An operation that needs no argument. */
  check?: string
}

/** As Microsoft publishes it: version 1.0, in 37 MB of YAML. */
const SPEC =
  'https://raw.githubusercontent.com/microsoftgraph/msgraph-metadata/master/openapi/v1.0/openapi.yaml'

const ENTRIES: readonly GraphEntry[] = [
  {
    id: 'profile',
    name: 'Microsoft Profile',
    summary: 'The signed-in person and their photo.',
    scopes: 'User.Read',
    paths: '=/me =/me/photo =/me/photo/$value',
    check: 'meUser.meUserGetUser',
  },
  {
    id: 'me-surface',
    name: 'Microsoft Me',
    summary: 'Everything that Graph has below /me.',
    scopes: 'User.Read',
    paths: '/me',
    check: 'meUser.meUserGetUser',
  },
  {
    id: 'mail',
    name: 'Outlook Mail',
    summary: 'Messages, folders, attachments, rules and sending.',
    scopes: 'Mail.ReadWrite Mail.Send MailboxSettings.ReadWrite',
    paths:
      '/me/messages /me/mailFolders /me/sendMail /me/getMailTips /me/inferenceClassification /me/mailboxSettings /me/outlook /users/{user-id}/messages /users/{user-id}/mailFolders /users/{user-id}/sendMail /users/{user-id}/outlook',
    check: 'meMailFolder.meListMailFolders',
  },
  {
    id: 'calendar',
    name: 'Outlook Calendar',
    summary: 'Calendars, events, and times that suit everybody.',
    scopes: 'Calendars.ReadWrite',
    paths:
      '/me/calendar /me/calendars /me/calendarGroups /me/calendarView /me/events /me/findMeetingTimes /me/reminderView /users/{user-id}/calendar /users/{user-id}/calendars /users/{user-id}/calendarGroups /users/{user-id}/calendarView /users/{user-id}/events /users/{user-id}/findMeetingTimes /users/{user-id}/reminderView',
    check: 'meCalendar.meListCalendars',
  },
  {
    id: 'contacts',
    name: 'Outlook Contacts',
    summary: 'Contacts, their folders, and people one works with.',
    scopes: 'Contacts.ReadWrite People.Read.All',
    paths:
      '/me/contacts /me/contactFolders /me/people /users/{user-id}/contacts /users/{user-id}/contactFolders /users/{user-id}/people',
    check: 'meContact.meListContacts',
  },
  {
    id: 'tasks',
    name: 'Microsoft To Do',
    summary: 'Task lists, tasks and their steps.',
    scopes: 'Tasks.ReadWrite',
    paths: '/me/todo /users/{user-id}/todo',
    check: 'meTodo.meTodoListLists',
  },
  {
    id: 'planner',
    name: 'Microsoft Planner',
    summary: 'Plans, buckets, tasks and who has them.',
    scopes: 'Tasks.ReadWrite',
    paths: '/planner /me/planner /users/{user-id}/planner /groups/{group-id}/planner',
    check: 'mePlannerUser.meGetPlanner',
  },
  {
    id: 'files',
    name: 'OneDrive',
    summary: 'Drives, files, folders, their content and sharing.',
    scopes: 'Files.ReadWrite.All Sites.ReadWrite.All',
    paths:
      '/me/drive /me/drives /me/followedSites /users/{user-id}/drive /users/{user-id}/drives /groups/{group-id}/drive /groups/{group-id}/drives /drives /shares',
    check: 'meDrive.meGetDrive',
  },
  {
    id: 'excel',
    name: 'Microsoft Excel',
    summary: 'Workbooks: worksheets, tables, ranges and charts.',
    scopes: 'Files.ReadWrite.All',
    paths:
      '/me/drive/items/{driveItem-id}/workbook /users/{user-id}/drive/items/{driveItem-id}/workbook /groups/{group-id}/drive/items/{driveItem-id}/workbook /drives/{drive-id}/items/{driveItem-id}/workbook',
  },
  {
    id: 'sites',
    name: 'SharePoint',
    summary: 'Sites, lists, pages, columns and content types.',
    scopes: 'Sites.ReadWrite.All',
    paths: '/sites',
    check: 'sitesSite.sitesSiteListSite',
  },
  {
    id: 'onenote',
    name: 'OneNote',
    summary: 'Notebooks, sections and pages.',
    scopes: 'Notes.ReadWrite',
    paths:
      '/me/onenote /users/{user-id}/onenote /groups/{group-id}/onenote /sites/{site-id}/onenote',
    check: 'meOnenote.meOnenoteListNotebooks',
  },
  {
    id: 'teams-chat',
    name: 'Teams Chats',
    summary: 'Chats, their members and messages.',
    scopes: 'Chat.ReadWrite',
    paths: '/me/chats /chats',
    check: 'meChat.meListChats',
  },
  {
    id: 'teams-channels',
    name: 'Teams Channels',
    summary: 'Teams, channels, messages and replies.',
    scopes: 'Team.ReadBasic.All Channel.ReadBasic.All ChannelMessage.Read.All ChannelMessage.Send',
    paths: '/me/joinedTeams /groups/{group-id}/team /teams /teamwork /teamsTemplates',
    check: 'meTeam.meListJoinedTeams',
  },
  {
    id: 'meetings-calls',
    name: 'Teams Meetings and Calls',
    summary: 'Online meetings, calls and call records.',
    scopes: 'OnlineMeetings.ReadWrite',
    paths: '/communications /me/onlineMeetings /users/{user-id}/onlineMeetings',
    check: 'meOnlineMeeting.meListOnlineMeetings',
  },
  {
    id: 'users',
    name: 'Microsoft Users',
    summary: 'Users of a tenant and everything below them.',
    scopes: 'User.ReadWrite.All Directory.Read.All',
    paths: '/users',
    check: 'usersUser.usersUserListUser',
  },
  {
    id: 'groups',
    name: 'Microsoft Groups',
    summary: 'Groups, their members, settings and lifecycle.',
    scopes: 'Group.ReadWrite.All Directory.Read.All',
    paths: '/groups /groupSettings /groupSettingTemplates /groupLifecyclePolicies',
    check: 'groupsGroup.groupsGroupListGroup',
  },
  {
    id: 'directory',
    name: 'Microsoft Entra Directory',
    summary: 'Directory objects, roles, contacts and invitations.',
    scopes: 'Directory.Read.All',
    paths:
      '/contacts /contracts /directory /directoryObjects /directoryRoles /directoryRoleTemplates /invitations /scopedRoleMemberships',
    check: 'directoryRolesDirectoryRole.directoryRolesDirectoryRoleListDirectoryRole',
  },
  {
    id: 'applications',
    name: 'Microsoft Entra Applications',
    summary: 'App registrations, service principals and grants.',
    scopes: 'Application.ReadWrite.All AppRoleAssignment.ReadWrite.All',
    paths:
      '/applications /applicationTemplates /appCatalogs /oauth2PermissionGrants /permissionGrants /servicePrincipals',
    check: 'applicationsApplication.applicationsApplicationListApplication',
  },
  {
    id: 'identity',
    name: 'Microsoft Entra Identity',
    summary: 'Identity providers, governance, policies and roles.',
    scopes: 'Policy.ReadWrite.ConditionalAccess RoleManagement.Read.Directory',
    paths:
      '/agreementAcceptances /agreements /authenticationMethodConfigurations /authenticationMethodsPolicy /certificateBasedAuthConfiguration /identity /identityGovernance /identityProviders /identityProtection /policies /roleManagement',
    check: 'policiesPolicyRoot.policiesPolicyRootGetPolicyRoot',
  },
  {
    id: 'admin-reports',
    name: 'Microsoft 365 Administration',
    summary: 'Audit logs, domains, reports, the organization and its licenses.',
    scopes: 'AuditLog.Read.All Reports.Read.All',
    paths:
      '/admin /auditLogs /domains /domainDnsRecords /organization /reports /subscribedSkus /tenantRelationships',
  },
  {
    id: 'security-compliance',
    name: 'Microsoft Security',
    summary: 'Alerts, incidents, compliance and information protection.',
    scopes: 'SecurityEvents.Read.All',
    paths: '/compliance /dataPolicyOperations /informationProtection /privacy /security',
    check: 'securityAlert.securityListAlerts',
  },
  {
    id: 'devices',
    name: 'Microsoft Intune',
    summary: 'Devices, apps, configurations and compliance.',
    scopes: 'DeviceManagementApps.ReadWrite.All DeviceManagementManagedDevices.ReadWrite.All',
    paths: '/devices /deviceAppManagement /deviceManagement',
  },
  {
    id: 'education',
    name: 'Microsoft Education',
    summary: 'Classes, schools, assignments and submissions.',
    scopes: '',
    paths: '/education',
    check: 'educationEducationUser.educationGetMe',
  },
  {
    id: 'search',
    name: 'Microsoft Search',
    summary: 'Search across Microsoft 365, and what is shown first.',
    scopes: 'ExternalItem.Read.All Acronym.Read.All Bookmark.Read.All QnA.Read.All',
    paths: '/search',
  },
  {
    id: 'external-connections',
    name: 'Microsoft Graph Connectors',
    summary: 'External data that Microsoft 365 can search.',
    scopes: 'ExternalConnection.ReadWrite.OwnedBy ExternalItem.ReadWrite.OwnedBy',
    paths: '/connections /external',
    check: 'externalExternalConnection.externalListConnections',
  },
  {
    id: 'solutions',
    name: 'Microsoft Solutions',
    summary: 'Bookings, virtual events, employee experience and Copilot.',
    scopes: '',
    paths: '/copilot /employeeExperience /solutions',
    check: 'solutionsBookingBusiness.solutionsListBookingBusinesses',
  },
  {
    id: 'platform-services',
    name: 'Microsoft Platform Services',
    summary: 'Places, printing, storage, subscriptions and extensions.',
    scopes: 'Place.Read.All Printer.ReadWrite.All',
    paths: '/filterOperators /functions /places /print /schemaExtensions /storage /subscriptions',
  },
]

const CREDENTIAL = {
  hint: 'An app registration of your own in Microsoft Entra, with these permissions granted.',
  url: 'https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade',
}

function toEntry({ id, name, summary, scopes, paths, check }: GraphEntry): PresetEntry {
  return {
    id: `microsoft-${id}`,
    kind: 'openapi',
    name,
    summary,
    family: 'microsoft',
    credential: CREDENTIAL,
    input: {
      spec: SPEC,
      specFormat: 'microsoft-graph',
      name,
      paths: toSelection(paths),
      // Without the first nobody stays signed in for longer than an hour.
      oauthScopes: ['offline_access', ...words(scopes)],
    },
    ...(check ? { healthCheck: healthCheck(check) } : {}),
  }
}

function healthCheck(operation: string) {
  const isMe = operation === 'meUser.meUserGetUser'
  return { operation, ...(isMe ? { identityField: 'userPrincipalName' } : {}) }
}

function toSelection(text: string): PathSelection {
  const paths = words(text)
  return {
    exact: paths.filter((path) => path.startsWith('=')).map((path) => path.slice(1)),
    prefixes: paths.filter((path) => !path.startsWith('=')),
  }
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '')
}

const WHOLE: PresetEntry = {
  id: 'microsoft-graph',
  kind: 'openapi',
  name: 'Microsoft Graph',
  summary: 'All of Microsoft 365 and Entra, about 16,500 operations.',
  family: 'microsoft',
  credential: CREDENTIAL,
  input: { spec: SPEC, specFormat: 'microsoft-graph', name: 'Microsoft Graph' },
  healthCheck: healthCheck('meUser.meUserGetUser'),
}

/** Graph as a whole, and one workload at a time. */
export const MICROSOFT_PRESETS: readonly PresetEntry[] = [WHOLE, ...ENTRIES.map(toEntry)]
