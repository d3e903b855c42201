import type { HealthCheckSpec, JsonPatchOperation } from '@executor/contracts'
import type { PresetEntry } from './preset.ts'

type GoogleEntry = [
  id: string,
  name: string,
  summary: string,
  spec: string,
  healthCheck?: HealthCheckSpec,
]

/** Services that the directory of all APIs lists. */
const listed = (api: string, version: string) =>
  `https://www.googleapis.com/discovery/v1/apis/${api}/${version}/rest`
/** Services that describe themselves, and are listed late or not at all. */
const own = (host: string, version: string) =>
  `https://${host}.googleapis.com/$discovery/rest?version=${version}`

const ENTRIES: readonly GoogleEntry[] = [
  [
    'calendar',
    'Google Calendar',
    'Calendars, events, free times and sharing.',
    listed('calendar', 'v3'),
    { operation: 'calendars.get', args: { calendarId: 'primary' }, identityField: 'id' },
  ],
  [
    'gmail',
    'Gmail',
    'Messages, threads, drafts, labels and settings.',
    listed('gmail', 'v1'),
    { operation: 'users.getProfile', args: { userId: 'me' }, identityField: 'emailAddress' },
  ],
  [
    'sheets',
    'Google Sheets',
    'Spreadsheets: values, ranges and formatting.',
    listed('sheets', 'v4'),
  ],
  [
    'drive',
    'Google Drive',
    'Files, folders, their content, permissions and shared drives.',
    listed('drive', 'v3'),
    { operation: 'about.get', args: { fields: 'user' }, identityField: 'user.emailAddress' },
  ],
  ['docs', 'Google Docs', 'Documents: text, structure and styles.', listed('docs', 'v1')],
  ['slides', 'Google Slides', 'Presentations, slides and what is on them.', listed('slides', 'v1')],
  ['forms', 'Google Forms', 'Forms, questions and responses.', own('forms', 'v1')],
  [
    'tasks',
    'Google Tasks',
    'Task lists and tasks.',
    listed('tasks', 'v1'),
    { operation: 'tasklists.list', args: { maxResults: 1 } },
  ],
  [
    'people',
    'Google People',
    'Contacts, contact groups, profiles and the directory.',
    listed('people', 'v1'),
    {
      operation: 'people.get',
      args: { resourceName: 'people/me', personFields: 'emailAddresses' },
      identityField: 'emailAddresses.0.value',
    },
  ],
  [
    'photos-library',
    'Google Photos Library',
    'Albums and media items that this app created.',
    own('photoslibrary', 'v1'),
  ],
  [
    'photos-picker',
    'Google Photos Picker',
    'Photos and videos that a person picks.',
    own('photospicker', 'v1'),
  ],
  [
    'chat',
    'Google Chat',
    'Spaces, members, messages and reactions.',
    listed('chat', 'v1'),
    { operation: 'spaces.list', args: { pageSize: 1 } },
  ],
  [
    'keep',
    'Google Keep',
    'Notes, lists and attachments of a Workspace.',
    own('keep', 'v1'),
    { operation: 'notes.list', args: { pageSize: 1 } },
  ],
  [
    'youtube-data',
    'YouTube Data',
    'Channels, videos, playlists, comments and uploads.',
    listed('youtube', 'v3'),
    {
      operation: 'channels.list',
      args: { part: ['snippet'], mine: true },
      identityField: 'items.0.snippet.title',
    },
  ],
  [
    'search-console',
    'Google Search Console',
    'Sites, sitemaps, URL inspection and search performance.',
    listed('searchconsole', 'v1'),
    { operation: 'sites.list' },
  ],
  [
    'classroom',
    'Google Classroom',
    'Courses, coursework, rosters and grades.',
    listed('classroom', 'v1'),
    { operation: 'userProfiles.get', args: { userId: 'me' }, identityField: 'emailAddress' },
  ],
  [
    'admin-directory',
    'Google Admin Directory',
    'Users, groups, organizational units and devices of a Workspace.',
    own('admin', 'directory_v1'),
    {
      operation: 'customers.get',
      args: { customerKey: 'my_customer' },
      identityField: 'customerDomain',
    },
  ],
  [
    'admin-reports',
    'Google Admin Reports',
    'Audit events and usage of a Workspace.',
    own('admin', 'reports_v1'),
    {
      operation: 'activities.list',
      args: { userKey: 'all', applicationName: 'login', maxResults: 1 },
    },
  ],
  [
    'apps-script',
    'Google Apps Script',
    'Script projects, deployments and their runs.',
    listed('script', 'v1'),
    { operation: 'processes.list', args: { pageSize: 1 } },
  ],
  [
    'bigquery',
    'Google BigQuery',
    'Datasets, tables, jobs and queries.',
    listed('bigquery', 'v2'),
    { operation: 'projects.list', args: { maxResults: 1 } },
  ],
  [
    'cloud-resource-manager',
    'Google Cloud Resource Manager',
    'Projects, folders, organizations and their policies.',
    own('cloudresourcemanager', 'v3'),
    { operation: 'projects.search', args: { pageSize: 1 } },
  ],
]

/** The bytes of a photo are taken at an address that the service's document leaves out. */
const PHOTO_UPLOAD: JsonPatchOperation = {
  op: 'add',
  path: '/resources/uploads',
  value: {
    methods: {
      upload: {
        id: 'photoslibrary.uploads.upload',
        httpMethod: 'POST',
        description:
          'Sends the bytes of a photo or video. Answers with an upload token, which mediaItems.batchCreate makes an item of.',
        path: 'v1/uploads',
        parameters: {
          'X-Goog-Upload-Protocol': {
            type: 'string',
            location: 'header',
            required: true,
            enum: ['raw'],
          },
          'X-Goog-Upload-Content-Type': {
            type: 'string',
            location: 'header',
            description: 'The media type of the bytes, as in image/jpeg.',
          },
        },
        mediaUpload: { protocols: { simple: { path: '/v1/uploads' } } },
        scopes: ['https://www.googleapis.com/auth/photoslibrary.appendonly'],
      },
    },
  },
}

const CREDENTIAL = {
  hint: 'An OAuth client of your own Google Cloud project, with this API enabled there.',
  url: 'https://console.cloud.google.com/apis/credentials',
}

/** One integration for every service: each with its own scopes, all with one OAuth client. */
export const GOOGLE_PRESETS: readonly PresetEntry[] = ENTRIES.map(
  ([id, name, summary, spec, healthCheck]) => ({
    id: `google-${id}`,
    kind: 'openapi',
    name,
    summary,
    family: 'google',
    credential: CREDENTIAL,
    input: {
      spec,
      specFormat: 'google-discovery',
      name,
      ...(id === 'photos-library' ? { specOverrides: [PHOTO_UPLOAD] } : {}),
    },
    ...(healthCheck ? { healthCheck } : {}),
  }),
)
